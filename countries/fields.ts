import { asks, mayAsk, text } from "./define.ts";

/*
 * What a donor is asked beside the amount, and why: a field without a reason the donor would accept is not asked.
 */

/** Every gift is confirmed by mail. */
export const email = asks(
  "email",
  text(
    "Para enviarte la confirmación de tu donativo.",
    "So that we can send you the confirmation of your gift.",
    "Para enviarmos a confirmação da sua doação.",
  ),
);

/** Where the slip goes. */
export const emailForVoucher = asks(
  "email",
  text(
    "Para enviarte la ficha de pago y avisarte cuando se acredite.",
    "So that we can send you the voucher, and word when it has been paid.",
    "Para enviarmos a guia de pagamento e avisar quando for paga.",
  ),
);

/** Where the account to transfer to goes. */
export const emailForAccount = asks(
  "email",
  text(
    "Para enviarte los datos de la transferencia y la confirmación.",
    "So that we can send you the account to transfer to, and the confirmation.",
    "Para enviarmos os dados da transferência e a confirmação.",
  ),
);

/** Where the mandate and its notices go. */
export const emailForMandate = asks(
  "email",
  text(
    "Para enviarte la autorización del cargo y el aviso antes de cada cobro.",
    "To send you the debit authorization, and notice before each debit.",
    "Para enviarmos a autorização do débito e o aviso antes de cada cobrança.",
  ),
);

/** Who gives, where the rail does not ask. */
export const name = mayAsk(
  "name",
  text(
    "Para que tu iglesia sepa de quién viene el donativo.",
    "So that your church knows whom the gift is from.",
    "Para que a sua igreja saiba de quem vem a doação.",
  ),
);

/** Where the acknowledgment serves the donor at tax time. */
export const nameForTaxes = mayAsk(
  "name",
  text(
    "Para que tu constancia lleve tu nombre al declarar impuestos.",
    "So that your acknowledgment carries your name at tax time.",
    "Para que o seu comprovante leve o seu nome na hora de declarar impostos.",
  ),
);

/** Who pays the slip. */
export const nameOnVoucher = asks(
  "name",
  text(
    "La ficha de pago debe llevar el nombre de quien paga.",
    "The voucher must carry the name of who pays it.",
    "A guia de pagamento precisa levar o nome de quem paga.",
  ),
);

/** Who pays, where the gateway insists. */
export const nameOfPayer = asks(
  "name",
  text(
    "La pasarela de pago exige el nombre de quien paga.",
    "The payment gateway requires the name of who pays.",
    "O meio de pagamento exige o nome de quem paga.",
  ),
);

/** What the transfer is recognised by. */
export const nameOnTransfer = asks(
  "name",
  text(
    "Para reconocer tu transferencia cuando llegue.",
    "So that we recognise your transfer when it arrives.",
    "Para reconhecermos a sua transferência quando chegar.",
  ),
);

/** Whose account is debited. */
export const nameOfHolder = asks(
  "name",
  text(
    "El banco exige el nombre del titular de la cuenta.",
    "The bank requires the account holder's name.",
    "O banco exige o nome do titular da conta.",
  ),
);

/** The document of the country, where the rail does not need it. */
export const taxId = mayAsk(
  "tax_id",
  text(
    "Solo si quieres que tu iglesia lo tenga para un recibo; no hace falta para donar.",
    "Only if you want your church to have it for a receipt; you do not need it to give.",
    "Só se quiser que a sua igreja o tenha para um recibo; não é preciso para doar.",
  ),
);

/** The document of the country, where the gateway refuses a payment without one. */
export const taxIdForGateway = asks(
  "tax_id",
  text(
    "La pasarela de pago exige el documento de quien paga; no se usa para nada más.",
    "The payment gateway requires the document of who pays; it is used for nothing else.",
    "O meio de pagamento exige o documento de quem paga; não é usado para mais nada.",
  ),
);

/** The document the account is held under. */
export const taxIdForBank = asks(
  "tax_id",
  text(
    "El banco comprueba que la cuenta sea tuya.",
    "The bank checks that the account is yours.",
    "O banco confere que a conta é sua.",
  ),
);

/** Where the payer lives: boleto, PSE, Bacs. */
export const addressForBank = asks(
  "address",
  text(
    "El banco exige la dirección de quien paga.",
    "The bank requires the address of who pays.",
    "O banco exige o endereço de quem paga.",
  ),
);

/** The payer's telephone: PSE. */
export const phoneForBank = asks(
  "phone",
  text(
    "El banco lo exige para avisarte de un cargo que no reconozcas.",
    "The bank requires it, to warn you of a debit you do not recognise.",
    "O banco o exige para avisar de um débito que você não reconheça.",
  ),
);

/** The wallet is the telephone: Yape, MB WAY. */
export const phoneOfWallet = asks(
  "phone",
  text(
    "Es el número de tu billetera: ahí te llega el aviso para aprobar.",
    "It is your wallet's number: the request to approve arrives there.",
    "É o número da sua carteira: o pedido de aprovação chega nele.",
  ),
);

/** The payer's telephone on a slip: ePayco. */
export const phoneOnVoucher = asks(
  "phone",
  text(
    "La red de pagos lo exige en la ficha.",
    "The payment network requires it on the voucher.",
    "A rede de pagamentos o exige na guia.",
  ),
);

/** Chosen from the gateway's list: PSE. */
export const bankChoice = asks(
  "bank",
  text(
    "Para llevarte a la página de tu banco.",
    "So that we can take you to your bank's page.",
    "Para levar você à página do seu banco.",
  ),
);
