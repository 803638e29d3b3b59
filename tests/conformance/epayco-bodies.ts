/** ePayco's answers as its own SDK's comments and tests show them. */
export const transaction = (fields: Readonly<Record<string, unknown>> = {}) => ({
  success: true,
  message: "Transacción creada exitosamente",
  data: {
    refPayco: 1_000_008_905,
    invoice: "att_1",
    description: "Iglesia Demo",
    amount: 50_000,
    tax: 0,
    ico: 0,
    taxBase: 0,
    subtotal: 50_000,
    currency: "COP",
    nameBank: "BALOTO",
    status: "Pendiente",
    response: "Esperando pago del cliente en punto de servicio Baloto",
    responseCode: "P004",
    authorization: "000000",
    receipt: "48772157429542",
    date: "2026-11-20 06:30:00",
    franchise: "BA",
    testMode: true,
    extras: { extra1: "att_1" },
    paymentProviderData: {
      pin: "374389735",
      agreementCode: 111_992,
      expirationDate: "2026-11-25 06:30:00",
      trm: 3403.35,
    },
    ...fields,
  },
});

export const refusal = (code = "A001", message = "El campo email no es válido") => ({
  success: false,
  message: "Transaction request",
  data: { errorType: "ValidationException", errors: [{ code, message }] },
});

export const confirmation = (fields: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({
    x_cust_id_cliente: "630339",
    x_ref_payco: "1000008905",
    x_id_invoice: "att_none",
    x_id_factura: "att_none",
    x_description: "Iglesia Demo",
    x_amount: "50000",
    x_amount_ok: "50000",
    x_currency_code: "COP",
    x_transaction_id: "10000089051234",
    x_transaction_date: "2026-11-20 06:59:00",
    x_approval_code: "778899",
    x_cod_response: "1",
    x_cod_transaction_state: "1",
    x_response: "Aceptada",
    x_test_request: "TRUE",
    x_extra1: "",
    ...fields,
  });
