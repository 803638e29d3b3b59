import { describeAdapter } from "./adapter-suite.ts";
import { pixUnderTest } from "./pix-under-test.ts";

describeAdapter(pixUnderTest);
