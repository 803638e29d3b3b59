import { describeAdapter } from "./adapter-suite.ts";
import { btcpayUnderTest, captureInSandbox } from "./btcpay-under-test.ts";

describeAdapter({ ...btcpayUnderTest, capture: captureInSandbox });
