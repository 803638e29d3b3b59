/** What a bank's page says once its question is over (Mercado Pago Developers, How to integrate 3DS). */
parent.postMessage({ status: "COMPLETE" }, "*");

export {};
