import { describeAdapter } from "./adapter-suite.ts";
import { captureInSandbox } from "./stripe-in-sandbox.ts";
import { stripeUnderTest } from "./stripe-under-test.ts";

describeAdapter({ ...stripeUnderTest, capture: captureInSandbox });
