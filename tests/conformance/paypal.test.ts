import { describeAdapter } from "./adapter-suite.ts";
import { paypalUnderTest } from "./paypal-under-test.ts";

describeAdapter(paypalUnderTest);
