import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { specsAbsent, specText } from "../support/specs.ts";

/** The published document, as far as it is looked into here. */
type Json = { [name: string]: unknown };

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function at(root: Json, path: string): Json {
  let here: unknown = root;
  for (const name of path.split(" "))
    here = isJson(here) ? here[name] : Array.isArray(here) ? here[Number(name)] : undefined;
  if (!isJson(here)) throw new Error(`the specification has nothing at ${path}`);
  return here;
}

const without = (list: unknown, name: string): unknown[] => {
  if (!Array.isArray(list) || !list.includes(name)) throw new Error(`${name} is not required there any more`);
  return list.filter((one) => one !== name);
};

/**
 * Where the document contradicts its own examples or itself, mended before use, each with its reason. Everything else
 * is taken at its word, and stricter: its patterns are anchored. A mend that no longer finds its fault fails.
 */
const mends: readonly { readonly why: string; mend(schemas: Json): void }[] = [
  {
    why: "no request can know its own id; `retentativa` is a field of nothing",
    mend: (s) => {
      const base = at(s, "RecBase");
      base.required = without(without(base.required, "idRec"), "retentativa");
    },
  },
  {
    why: "`pagador` became `destinatario` in 2.8.0",
    mend: (s) => {
      const base = at(s, "SolicRecBase");
      base.required = without(base.required, "pagador");
    },
  },
  {
    why: "`rec` is called `recPayload`",
    mend: (s) => {
      const whole = at(s, "SolicRecCompleta");
      whole.required = without(whole.required, "rec");
    },
  },
  {
    why: "a list of Pix is called `pix`",
    mend: (s) => {
      const list = at(s, "PixConsultados");
      list.required = [...without(list.required, "cobs"), "pix"];
    },
  },
  {
    why: "`idCob` is a field of nothing",
    mend: (s) => {
      const items = at(s, "CobsConsultadas properties cobs items allOf 1");
      items.required = without(items.required, "idCob");
    },
  },
  {
    why: "the receiver's address stands inside `recebedor`",
    mend: (s) => {
      const receiver = at(s, "DadosRecebedor");
      receiver.required = without(receiver.required, "logradouro").filter(() => false);
    },
  },
  {
    why: "the payer's bank stands inside `pagador`, which is known only after the donor's yes",
    mend: (s) => {
      const payer = at(s, "DadosPagadorRec");
      payer.required = without(payer.required, "ispbParticipante");
    },
  },
  {
    why: "a stray quotation mark",
    mend: (s) => {
      const notice = at(s, "RecNotification");
      notice.required = [...without(notice.required, 'atualizacao"'), "atualizacao"];
    },
  },
  {
    why: "`oneOf` of two optional fields can never be met by one of them",
    mend: (s) => {
      for (const path of [
        "RecEncerramento properties encerramento",
        "CobRAtualizacao properties encerramento",
      ]) {
        const ending = at(s, path);
        if (!Array.isArray(ending.oneOf)) throw new Error("there is no oneOf there any more");
        ending.anyOf = ending.oneOf;
        delete ending.oneOf;
      }
    },
  },
  {
    why: "a text cannot be an object as well",
    mend: (s) => {
      const amount = at(s, "PixAutomatico properties valor");
      if (!Array.isArray(amount.anyOf)) throw new Error("there is no anyOf there any more");
      delete amount.anyOf;
    },
  },
  {
    why: "the txid of a static code is shorter than that of a claim, as the second pattern says",
    mend: (s) => {
      const txid = at(s, "Pix properties txid");
      if (!Array.isArray(txid.allOf)) throw new Error("there is no allOf there any more");
      txid.allOf = txid.allOf.slice(1);
    },
  },
];

/** Patterns are written with slashes around them in places, and never anchored. */
function anchored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(anchored);
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      name === "pattern" && typeof inner === "string"
        ? [name, `^(?:${inner.replace(/^\/(.*)\/$/, "$1")})$`]
        : [name, anchored(inner)],
    ),
  );
}

function loaded(): Json {
  const document: unknown = anchored(parse(specText("pix/openapi.yaml")));
  if (!isJson(document)) throw new Error("the specification is no object");
  for (const { mend } of mends) mend(at(document, "components schemas"));
  return document;
}

type Operation = { readonly method: string; readonly path: RegExp; readonly template: string };

/** Checks of one request or one answer: what is wrong with it, in words; nothing when it is right. */
export type PixSpec = {
  request(method: string, url: URL, body: unknown): readonly string[];
  answer(method: string, url: URL, status: number, body: unknown): readonly string[];
  notice(kind: "pix" | "rec" | "cobr", body: unknown): readonly string[];
};

/** `undefined` where the published documents are not at hand. */
export const pixSpec: PixSpec | undefined = specsAbsent ? undefined : makeSpec();

function makeSpec(): PixSpec {
  const document = loaded();
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    unicodeRegExp: false,
    validateFormats: false,
    coerceTypes: false,
  });
  ajv.addSchema(document, "pix");
  const operations = operationsOf(at(document, "paths"));
  const compiled = new Map<string, ValidateFunction>();
  const check = (reference: string, body: unknown): readonly string[] => {
    const known = compiled.get(reference) ?? ajv.compile({ $ref: `pix#/${reference}` });
    compiled.set(reference, known);
    if (known(body)) return [];
    return (known.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  };
  const find = (method: string, url: URL): Operation | undefined => {
    const path = url.pathname.replace("/api/v2", "");
    return operations.find((one) => one.method === method && one.path.test(path));
  };
  const place = ({ template, method }: Operation) => `paths/${escaped(template)}/${method.toLowerCase()}`;
  return {
    request: (method, url, body) => {
      const operation = find(method, url);
      if (!operation) return [`no operation ${method} ${url.pathname}`];
      const found = at(document, `paths ${operation.template} ${method.toLowerCase()}`);
      const wanted = isJson(found.requestBody) ? found.requestBody.$ref : undefined;
      const faults = parameterFaults(document, operation, url, check);
      if (typeof wanted !== "string") return body === undefined ? faults : [...faults, "this has no body"];
      return [...faults, ...check(`${wanted.slice(2)}/content/application~1json/schema`, body)];
    },
    answer: (method, url, status, body) => {
      const operation = find(method, url);
      if (!operation) return [`no operation ${method} ${url.pathname}`];
      const responses = at(document, `paths ${operation.template} ${method.toLowerCase()} responses`);
      const response = responses[String(status)];
      if (!isJson(response)) return [`${status} is no documented answer of ${method} ${operation.template}`];
      if (typeof response.$ref === "string") {
        return check(`${response.$ref.slice(2)}/content/application~1problem+json/schema`, body);
      }
      const kinds = isJson(response.content) ? Object.keys(response.content) : [];
      const kind = kinds[0];
      return kind === undefined
        ? []
        : check(`${place(operation)}/responses/${status}/content/${escaped(kind)}/schema`, body);
    },
    notice: (kind, body) => {
      const name = { pix: "WebhookPixBody", rec: "WebhookRecBody", cobr: "WebhookCobRBody" }[kind];
      return check(`components/requestBodies/${name}/content/application~1json/schema`, body);
    },
  };
}

const escaped = (text: string): string =>
  encodeURIComponent(text.replaceAll("~", "~0").replaceAll("/", "~1"));

function operationsOf(paths: Json): readonly Operation[] {
  // Payloads lie open under names of capability, beside the API: nobody here asks for them.
  const ours = Object.entries(paths).filter(([template]) => !template.includes("AccessToken"));
  return ours.flatMap(([template, operations]) =>
    Object.keys(isJson(operations) ? operations : {})
      .filter((method) => /^(get|put|post|patch|delete)$/.test(method))
      .map((method) => ({
        method: method.toUpperCase(),
        template,
        path: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
      })),
  );
}

type Parameter = { readonly place: string; readonly parameter: Json; readonly name: string };

/** The parameters of an operation and of its path, references followed. */
function parametersOf(document: Json, { template, method }: Operation): readonly Parameter[] {
  const verb = method.toLowerCase();
  const listed = (path: string, place: string) => {
    const list = at(document, path).parameters;
    return (Array.isArray(list) ? list : []).map((one: unknown, i) => ({
      one,
      place: `${place}/parameters/${i}`,
    }));
  };
  const where = `paths/${escaped(template)}`;
  const all = [
    ...listed(`paths ${template}`, where),
    ...listed(`paths ${template} ${verb}`, `${where}/${verb}`),
  ];
  return all.flatMap(({ one, place }) => {
    const reference = isJson(one) && typeof one.$ref === "string" ? one.$ref.slice(2) : undefined;
    const parameter = reference === undefined ? one : at(document, reference.replaceAll("/", " "));
    if (!isJson(parameter) || typeof parameter.name !== "string") return [];
    return [{ place: reference ?? place, parameter, name: parameter.name }];
  });
}

/** Ids in the path and values in the query, against their schemas; required ones must be there, unknown ones not. */
function parameterFaults(
  document: Json,
  operation: Operation,
  url: URL,
  check: (reference: string, value: unknown) => readonly string[],
): readonly string[] {
  const values = new Map<string, string>(url.searchParams);
  const path = url.pathname.replace("/api/v2", "").split("/");
  operation.template.split("/").forEach((part, i) => {
    if (part.startsWith("{")) values.set(part.slice(1, -1), decodeURIComponent(path[i] ?? ""));
  });
  const known = parametersOf(document, operation);
  const names = new Set(known.map(({ name }) => name));
  const strangers = [...values.keys()]
    .filter((name) => !names.has(name))
    .map((name) => `${name} is no parameter`);
  const faults = known.flatMap(({ place, parameter, name }) => {
    const given = values.get(name);
    if (given === undefined) return parameter.required === true ? [`${name} is missing`] : [];
    return check(`${place}/schema`, typed(parameter.schema, given)).map((fault) => `${name}${fault}`);
  });
  return [...strangers, ...faults];
}

function typed(schema: unknown, given: string): unknown {
  const type = isJson(schema) ? schema.type : undefined;
  if (type === "integer") return Number(given);
  return type === "boolean" ? given === "true" : given;
}

/** Every example of a request body in the document, by the operation it belongs to. */
export function requestExamples(): readonly { readonly name: string; readonly faults: readonly string[] }[] {
  const document = loaded();
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false, validateFormats: false });
  ajv.addSchema(document, "pix");
  const examples = at(document, "components examples");
  return Object.entries(at(document, "components requestBodies")).flatMap(([body, found]) => {
    const content = isJson(found) ? at(found, "content application/json") : {};
    const check = ajv.compile({
      $ref: `pix#/components/requestBodies/${body}/content/application~1json/schema`,
    });
    return Object.values(isJson(content.examples) ? content.examples : {}).map((one: unknown) => {
      const name = isJson(one) && typeof one.$ref === "string" ? (one.$ref.split("/").at(-1) ?? "") : "";
      const example = examples[name];
      const right = check(isJson(example) ? example.value : undefined);
      return {
        name: `${body} ${name}`,
        faults: right ? [] : (check.errors ?? []).map((e) => `${e.instancePath} ${e.message}`),
      };
    });
  });
}
