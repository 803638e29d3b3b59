import type { Child } from "hono/jsx";
import type { Translate } from "../i18n/language.ts";
import type { Fault, FaultPlace } from "./check-form.ts";

/** The id of the control a fault points at: links of the error summary land there. */
export const controlId = (place: FaultPlace): string => (place === "form" ? "main" : `f-${place}`);
const errorId = (place: FaultPlace): string => `e-${place}`;

export type Faults = readonly Fault[];

/** Attributes that tie a control to its error and hint for those who do not see the colour. */
export function faultAttributes(place: FaultPlace, faults: Faults, hintId?: string) {
  const wrong = faults.some((fault) => fault.place === place);
  const describedBy = [wrong ? errorId(place) : "", hintId ?? ""].filter(Boolean).join(" ");
  return {
    ...(wrong ? { "aria-invalid": "true" as const } : {}),
    ...(describedBy ? { "aria-describedby": describedBy } : {}),
  };
}

/** The sentence under a control, when something about it needs mending. */
export function FaultLine({ place, faults }: { readonly place: FaultPlace; readonly faults: Faults }) {
  const fault = faults.find((candidate) => candidate.place === place);
  return fault ? (
    <p class="error" id={errorId(place)}>
      {fault.text}
    </p>
  ) : null;
}

/** All that needs mending, at the top, each line a link to its control. Script moves the focus here. */
export function ErrorSummary({ faults, t }: { readonly faults: Faults; readonly t: Translate }) {
  if (faults.length === 0) return null;
  return (
    <div class="summary" role="alert" tabindex={-1} data-focus>
      <h2>{t("errors.title", { count: faults.length })}</h2>
      <ul>
        {faults.map((fault) => (
          <li>
            {fault.place === "form" ? fault.text : <a href={`#${controlId(fault.place)}`}>{fault.text}</a>}
          </li>
        ))}
      </ul>
    </div>
  );
}

type TextFieldProps = {
  readonly place: "name" | "email" | "phone" | "tax_id";
  readonly label: string;
  /** A control that belongs to the line and stands before it. */
  readonly before?: Child;
  readonly value: string;
  readonly faults: Faults;
  readonly optional: string | undefined;
  readonly why?: Child;
  readonly hint?: string | undefined;
  readonly type: "text" | "email" | "tel";
  readonly autocomplete: string;
  /** Methods that ask for it, and those that insist: the island shows and marks it by the method chosen. */
  readonly askedBy: string;
  readonly requiredBy: string;
};

/** One line of text about the donor, with the reason it is asked for. */
export function TextField(props: TextFieldProps) {
  const { place, faults } = props;
  const hintId = props.hint ? `h-${place}` : undefined;
  return (
    <div class="field" data-asked-by={props.askedBy} data-required-by={props.requiredBy}>
      <label for={controlId(place)}>
        {props.label} <i data-optional>{props.optional ? `(${props.optional})` : ""}</i>
      </label>
      {props.before}
      <input
        id={controlId(place)}
        name={place}
        type={props.type}
        value={props.value}
        autocomplete={props.autocomplete}
        maxlength={200}
        {...(props.optional ? {} : { "aria-required": "true" })}
        {...faultAttributes(place, faults, hintId)}
      />
      {props.hint ? (
        <p class="hint" id={hintId}>
          {props.hint}
        </p>
      ) : null}
      <FaultLine place={place} faults={faults} />
      {props.why}
    </div>
  );
}
