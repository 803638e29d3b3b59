import type { Localized } from "../gateway/country-profile.ts";
import type { DeclineReason, RetryAdvice } from "../gateway/payment.ts";

/**
 * What a donor is told, for every gateway alike (facts: methods §8): one plain sentence why, one what to do now.
 * The gateway's own code is never shown. A payment blocked as fraud is told like any other no, so that nobody
 * learns from it how to pass.
 */
export const declineWords: Readonly<Record<DeclineReason, Localized>> = {
  insufficient_funds: {
    es: "El banco dice que no hay fondos suficientes.",
    pt: "O banco informa que não há saldo suficiente.",
    en: "The bank says there are not enough funds.",
  },
  card_expired: {
    es: "La tarjeta está vencida.",
    pt: "O cartão está vencido.",
    en: "The card has expired.",
  },
  invalid_card_data: {
    es: "Algún dato de la tarjeta no es correcto.",
    pt: "Algum dado do cartão não está correto.",
    en: "Something about the card details is not right.",
  },
  authentication_required: {
    es: "El banco pidió verificar que eres tú y no se completó.",
    pt: "O banco pediu para confirmar que é você e isso não foi concluído.",
    en: "The bank asked to check that it is you, and that was not completed.",
  },
  call_issuer: {
    es: "El banco pide que lo llames para autorizar el pago.",
    pt: "O banco pede que você ligue para autorizar o pagamento.",
    en: "The bank asks you to call it to allow the payment.",
  },
  declined_generic: {
    es: "El banco no autorizó el pago.",
    pt: "O banco não autorizou o pagamento.",
    en: "The bank did not allow the payment.",
  },
  blocked_fraud: {
    es: "El banco no autorizó el pago.",
    pt: "O banco não autorizou o pagamento.",
    en: "The bank did not allow the payment.",
  },
  limit_exceeded: {
    es: "El pago rebasa el límite que permite el banco.",
    pt: "O pagamento passa do limite que o banco permite.",
    en: "The payment is above the limit the bank allows.",
  },
  method_not_allowed: {
    es: "La tarjeta o cuenta no admite este tipo de pago.",
    pt: "O cartão ou a conta não aceita este tipo de pagamento.",
    en: "The card or account does not take this kind of payment.",
  },
  duplicate: {
    es: "El banco lo tomó por un pago repetido.",
    pt: "O banco entendeu que é um pagamento repetido.",
    en: "The bank took it for a repeated payment.",
  },
  mandate_invalid: {
    es: "El banco no aceptó la autorización de cargo.",
    pt: "O banco não aceitou a autorização de débito.",
    en: "The bank did not accept the permission to debit.",
  },
  account_invalid: {
    es: "La cuenta no existe o está cerrada.",
    pt: "A conta não existe ou está encerrada.",
    en: "The account does not exist or is closed.",
  },
  expired: {
    es: "Se terminó el tiempo para pagar.",
    pt: "O tempo para pagar terminou.",
    en: "The time to pay ran out.",
  },
  provider_unavailable: {
    es: "El banco no respondió.",
    pt: "O banco não respondeu.",
    en: "The bank did not answer.",
  },
};

/** The donor's next best step. */
export const nextStepWords: Readonly<Record<RetryAdvice, Localized>> = {
  never: {
    es: "Elige otra forma de pago.",
    pt: "Escolha outra forma de pagamento.",
    en: "Choose another way to pay.",
  },
  new_method: {
    es: "Intenta con otra tarjeta o con otra forma de pago.",
    pt: "Tente com outro cartão ou outra forma de pagamento.",
    en: "Try another card or another way to pay.",
  },
  fix_details: {
    es: "Revisa los datos e intenta de nuevo.",
    pt: "Confira os dados e tente de novo.",
    en: "Check the details and try again.",
  },
  later: {
    es: "Intenta de nuevo más tarde, o elige otra forma de pago.",
    pt: "Tente de novo mais tarde ou escolha outra forma de pagamento.",
    en: "Try again later, or choose another way to pay.",
  },
  authenticate: {
    es: "Intenta de nuevo y completa la verificación de tu banco.",
    pt: "Tente de novo e conclua a verificação do seu banco.",
    en: "Try again and complete your bank's check.",
  },
};

/** Nothing was charged and it was not the bank's doing: our side, or the gateway's. */
export const refusedWords: Localized = {
  es: "El procesador de pagos no aceptó la operación.",
  pt: "O processador de pagamentos não aceitou a operação.",
  en: "The payment company did not accept the operation.",
};
