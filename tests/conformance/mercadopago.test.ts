import { describeAdapter } from "./adapter-suite.ts";
import { captureInSandbox } from "./mercadopago-capture.ts";
import { mercadoPagoUnderTest } from "./mercadopago-under-test.ts";

describeAdapter({ ...mercadoPagoUnderTest, capture: captureInSandbox });
