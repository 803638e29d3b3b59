import { describeAdapter } from "./adapter-suite.ts";
import { epaycoUnderTest } from "./epayco-under-test.ts";

describeAdapter(epaycoUnderTest);
