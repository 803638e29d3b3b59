CREATE TABLE "api_keys" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"mode" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"last4" text NOT NULL,
	"label" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"root_id" uuid NOT NULL,
	CONSTRAINT "api_keys_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "platform_keys" (
	"platform_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"mode" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"last4" text NOT NULL,
	"label" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "platform_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "approval_steps" (
	"church_id" uuid NOT NULL,
	"approval_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"what" text NOT NULL,
	"by" uuid,
	"note" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "approval_steps_church_id_approval_id_number_pk" PRIMARY KEY("church_id","approval_id","number")
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"gateway_account_id" uuid NOT NULL,
	"donation_id" uuid,
	"attempt_id" uuid,
	"bank_line_id" uuid,
	"refund_id" uuid,
	"subject" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"particulars" jsonb NOT NULL,
	"key_version" integer,
	"payee" "bytea",
	"requested_by" uuid NOT NULL,
	"requested_root" uuid NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"decided_by" uuid,
	"decided_root" uuid,
	"decided_at" timestamp (3) with time zone,
	"paid_by" uuid,
	"paid_at" timestamp (3) with time zone,
	"paid_on" date,
	"paid_reference" text,
	CONSTRAINT "approvals_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "approvals_two_people" CHECK ("approvals"."decided_by" is null or "approvals"."decided_by" <> "approvals"."requested_by"
          and "approvals"."decided_root" is not null and "approvals"."decided_root" <> "approvals"."requested_root"),
	CONSTRAINT "approvals_decided" CHECK (("approvals"."state" in ('approved', 'rejected')) = ("approvals"."decided_by" is not null)
          and ("approvals"."decided_by" is null) = ("approvals"."decided_at" is null)),
	CONSTRAINT "approvals_paid" CHECK ("approvals"."paid_at" is null or ("approvals"."state" = 'approved' and "approvals"."payee" is not null)),
	CONSTRAINT "approvals_amount" CHECK ("approvals"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "bank_lines" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"statement_id" uuid NOT NULL,
	"gateway_account_id" uuid NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"booked_on" date NOT NULL,
	"value_on" date,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"reversal" boolean NOT NULL,
	"bank_reference" text,
	"key_version" integer NOT NULL,
	"details" "bytea" NOT NULL,
	"state" text NOT NULL,
	"attempt_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "bank_lines_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "bank_lines_amount" CHECK ("bank_lines"."amount_minor" <> 0)
);
--> statement-breakpoint
CREATE TABLE "bank_statements" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"gateway_account_id" uuid NOT NULL,
	"format" text NOT NULL,
	"sha256" "bytea" NOT NULL,
	"lines" integer NOT NULL,
	"imported_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "bank_statements_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
CREATE TABLE "church_keys" (
	"church_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"master_version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "church_keys_church_id_version_pk" PRIMARY KEY("church_id","version")
);
--> statement-breakpoint
CREATE TABLE "churches" (
	"church_id" uuid PRIMARY KEY NOT NULL,
	"platform_id" uuid,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"time_zone" text NOT NULL,
	"locale" text NOT NULL,
	"brand" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"contact_email" text,
	"dunning" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"quiet_hours" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "churches_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "funds" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"restricted" boolean DEFAULT false NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "funds_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "funds_churchId_code_unique" UNIQUE("church_id","code"),
	CONSTRAINT "funds_code" CHECK ("funds"."code" ~ '^[a-z0-9][a-z0-9_-]{0,62}$')
);
--> statement-breakpoint
CREATE TABLE "legal_entities" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"currency" text NOT NULL,
	"tax_id" text,
	"address" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "legal_entities_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "legal_entities_churchId_country_name_unique" UNIQUE("church_id","country","name")
);
--> statement-breakpoint
CREATE TABLE "platforms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "debit_accounts" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"key_version" integer NOT NULL,
	"account" "bytea",
	"display" text NOT NULL,
	"authorization" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"forgotten_at" timestamp (3) with time zone,
	CONSTRAINT "debit_accounts_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "debit_accounts_forgotten" CHECK (("debit_accounts"."account" is null) = ("debit_accounts"."forgotten_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "debit_entries" (
	"church_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"debit_account_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"state" text NOT NULL,
	CONSTRAINT "debit_entries_church_id_file_id_position_pk" PRIMARY KEY("church_id","file_id","position")
);
--> statement-breakpoint
CREATE TABLE "debit_files" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"gateway_account_id" uuid NOT NULL,
	"made_on" date NOT NULL,
	"sequence_of_day" smallint NOT NULL,
	"name" text NOT NULL,
	"effective_on" date NOT NULL,
	"silent_after" timestamp (3) with time zone NOT NULL,
	"entries" integer NOT NULL,
	"total_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"sha256" "bytea" NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "debit_files_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
CREATE TABLE "debit_returns" (
	"church_id" uuid NOT NULL,
	"gateway_account_id" uuid NOT NULL,
	"return_id" text NOT NULL,
	"attempt_id" uuid NOT NULL,
	"code" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"returned_on" date NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "debit_returns_church_id_gateway_account_id_return_id_pk" PRIMARY KEY("church_id","gateway_account_id","return_id")
);
--> statement-breakpoint
CREATE TABLE "donors" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"key_version" integer NOT NULL,
	"name" "bytea",
	"email" "bytea",
	"phone" "bytea",
	"tax_id" "bytea",
	"email_index" "bytea",
	"tax_id_index" "bytea",
	"locale" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "donors_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
CREATE TABLE "allocations" (
	"church_id" uuid NOT NULL,
	"donation_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"fund_id" uuid NOT NULL,
	"amount_minor" bigint NOT NULL,
	CONSTRAINT "allocations_church_id_donation_id_position_pk" PRIMARY KEY("church_id","donation_id","position"),
	CONSTRAINT "allocations_amount" CHECK ("allocations"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "attempt_changes" (
	"church_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"from_state" text,
	"to_state" text NOT NULL,
	"cause" text NOT NULL,
	"evidence" jsonb,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "attempt_changes_church_id_attempt_id_version_pk" PRIMARY KEY("church_id","attempt_id","version")
);
--> statement-breakpoint
CREATE TABLE "disputes" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"donation_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"gateway_dispute_id" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"fee_minor" bigint,
	"currency" text NOT NULL,
	"status" text NOT NULL,
	"funds_withdrawn" boolean NOT NULL,
	"raw_reason" text NOT NULL,
	"evidence_due_at" timestamp (3) with time zone,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "disputes_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
CREATE TABLE "donations" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"legal_entity_id" uuid NOT NULL,
	"donor_id" uuid NOT NULL,
	"recurring_gift_id" uuid,
	"mode" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"cover_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"country" text NOT NULL,
	"method" text NOT NULL,
	"anonymous" boolean NOT NULL,
	"key_version" integer NOT NULL,
	"given_name" "bytea",
	"note" "bytea",
	"locale" text NOT NULL,
	"return_url" text,
	"current_attempt_id" uuid NOT NULL,
	"event_sequence" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "donations_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "donations_amount" CHECK ("donations"."amount_minor" > 0 and "donations"."cover_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "gateway_customers" (
	"church_id" uuid NOT NULL,
	"gateway_account_id" uuid NOT NULL,
	"donor_id" uuid NOT NULL,
	"customer_ref" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "gateway_customers_church_id_gateway_account_id_donor_id_pk" PRIMARY KEY("church_id","gateway_account_id","donor_id")
);
--> statement-breakpoint
CREATE TABLE "payment_attempts" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"donation_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"gateway" text NOT NULL,
	"gateway_account_id" uuid NOT NULL,
	"method" text NOT NULL,
	"presentation" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"gateway_key" text NOT NULL,
	"gateway_payment_id" text,
	"action" jsonb,
	"decline" jsonb,
	"refusal" jsonb,
	"evidence" jsonb,
	"captured_minor" bigint NOT NULL,
	"refunded_minor" bigint NOT NULL,
	"captured_at" timestamp (3) with time zone,
	"fee_minor" bigint,
	"fee_tax_minor" bigint,
	"expires_at" timestamp (3) with time zone,
	"next_check_at" timestamp (3) with time zone,
	"checks" smallint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payment_attempts_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "attempts_amount" CHECK ("payment_attempts"."amount_minor" > 0),
	CONSTRAINT "attempts_refund_within_capture" CHECK ("payment_attempts"."refunded_minor" >= 0 and "payment_attempts"."refunded_minor" <= "payment_attempts"."captured_minor")
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"donation_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"gateway_key" text NOT NULL,
	"gateway_refund_id" text,
	"claim_url" "bytea",
	"key_version" integer,
	"evidence" jsonb,
	"next_check_at" timestamp (3) with time zone,
	"checks" smallint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "refunds_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "refunds_amount" CHECK ("refunds"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"church_id" uuid NOT NULL,
	"principal" text NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"state" text NOT NULL,
	"owner" text NOT NULL,
	"locked_until" timestamp (3) with time zone NOT NULL,
	"resource_id" text,
	"response_status" smallint,
	"response_body" json,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_church_id_principal_route_key_pk" PRIMARY KEY("church_id","principal","route","key")
);
--> statement-breakpoint
CREATE TABLE "journal_entries" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"legal_entity_id" uuid NOT NULL,
	"source_kind" text NOT NULL,
	"source_id" text NOT NULL,
	"purpose" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"value_date" date,
	"memo" text NOT NULL,
	"corrects_entry_id" uuid,
	"posting_count" smallint NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "journal_entries_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "journal_entries_two_postings" CHECK ("journal_entries"."posting_count" >= 2),
	CONSTRAINT "journal_entries_correction_names_original" CHECK (("journal_entries"."source_kind" = 'correction') = ("journal_entries"."corrects_entry_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "ledger_accounts" (
	"church_id" uuid NOT NULL,
	"account_no" bigint GENERATED ALWAYS AS IDENTITY (sequence name "ledger_accounts_account_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"legal_entity_id" uuid NOT NULL,
	"code" text NOT NULL,
	"currency" text NOT NULL,
	"fund_id" uuid,
	"gateway_account_id" uuid,
	"dimension_id" uuid GENERATED ALWAYS AS (coalesce(fund_id, gateway_account_id, legal_entity_id)) STORED NOT NULL,
	"normal_side" text NOT NULL,
	"may_go_negative" boolean NOT NULL,
	"shards" smallint NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledger_accounts_church_id_account_no_pk" PRIMARY KEY("church_id","account_no"),
	CONSTRAINT "ledger_accounts_churchId_id_unique" UNIQUE("church_id","id"),
	CONSTRAINT "ledger_accounts_one_dimension" CHECK ("ledger_accounts"."fund_id" is null or "ledger_accounts"."gateway_account_id" is null),
	CONSTRAINT "ledger_accounts_shards" CHECK ("ledger_accounts"."shards" = 1 or ("ledger_accounts"."shards" > 1 and "ledger_accounts"."may_go_negative"))
);
--> statement-breakpoint
CREATE TABLE "ledger_balances" (
	"church_id" uuid NOT NULL,
	"account_no" bigint NOT NULL,
	"shard" smallint NOT NULL,
	"version" bigint NOT NULL,
	"balance_minor" bigint NOT NULL,
	CONSTRAINT "ledger_balances_church_id_account_no_shard_pk" PRIMARY KEY("church_id","account_no","shard")
);
--> statement-breakpoint
CREATE TABLE "ledger_seals" (
	"church_id" uuid NOT NULL,
	"number" bigint NOT NULL,
	"entry_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledger_seals_church_id_number_pk" PRIMARY KEY("church_id","number")
);
--> statement-breakpoint
CREATE TABLE "ledger_unsealed" (
	"church_id" uuid NOT NULL,
	"entry_id" uuid NOT NULL,
	CONSTRAINT "ledger_unsealed_church_id_entry_id_pk" PRIMARY KEY("church_id","entry_id")
);
--> statement-breakpoint
CREATE TABLE "postings" (
	"church_id" uuid NOT NULL,
	"account_no" bigint NOT NULL,
	"shard" smallint NOT NULL,
	"version" bigint NOT NULL,
	"entry_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"balance_after_minor" bigint NOT NULL,
	CONSTRAINT "postings_church_id_account_no_shard_version_pk" PRIMARY KEY("church_id","account_no","shard","version"),
	CONSTRAINT "postings_amount" CHECK ("postings"."amount_minor" <> 0),
	CONSTRAINT "postings_order" CHECK ("postings"."position" >= 1 and "postings"."version" >= 1 and "postings"."shard" >= 0)
);
--> statement-breakpoint
CREATE TABLE "dead_addresses" (
	"church_id" uuid NOT NULL,
	"address_index" "bytea" NOT NULL,
	"channel" text NOT NULL,
	"why" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "dead_addresses_church_id_address_index_channel_pk" PRIMARY KEY("church_id","address_index","channel")
);
--> statement-breakpoint
CREATE TABLE "message_preferences" (
	"church_id" uuid NOT NULL,
	"donor_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"category" text NOT NULL,
	"wanted" boolean NOT NULL,
	"source" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "message_preferences_church_id_donor_id_channel_category_pk" PRIMARY KEY("church_id","donor_id","channel","category")
);
--> statement-breakpoint
CREATE TABLE "message_returns" (
	"church_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"kind" text NOT NULL,
	"status" text,
	"answer" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "message_returns_church_id_message_id_number_kind_pk" PRIMARY KEY("church_id","message_id","number","kind")
);
--> statement-breakpoint
CREATE TABLE "message_tries" (
	"church_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"result" text NOT NULL,
	"answer" text,
	CONSTRAINT "message_tries_church_id_message_id_number_pk" PRIMARY KEY("church_id","message_id","number")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"donor_id" uuid,
	"channel" text NOT NULL,
	"locale" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"state" text NOT NULL,
	"key_version" integer NOT NULL,
	"params" "bytea" NOT NULL,
	"recipient" "bytea",
	"subject" "bytea",
	"next_at" timestamp (3) with time zone,
	"tries" smallint NOT NULL,
	"provider_id" text,
	"fault" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "messages_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
CREATE TABLE "offline_batches" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"legal_entity_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"label" text NOT NULL,
	"received_on" date NOT NULL,
	"currency" text NOT NULL,
	"state" text NOT NULL,
	"entered_by" uuid NOT NULL,
	"counted_by" uuid,
	"entered_root" uuid NOT NULL,
	"counted_root" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"counted_at" timestamp (3) with time zone,
	CONSTRAINT "offline_batches_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "offline_batches_two_count" CHECK ("offline_batches"."counted_by" is null or "offline_batches"."counted_by" <> "offline_batches"."entered_by"
          and "offline_batches"."counted_root" is not null and "offline_batches"."counted_root" <> "offline_batches"."entered_root"),
	CONSTRAINT "offline_batches_booked_once_counted" CHECK ("offline_batches"."state" not in ('counted', 'booked') or "offline_batches"."counted_by" is not null)
);
--> statement-breakpoint
CREATE TABLE "offline_lines" (
	"church_id" uuid NOT NULL,
	"batch_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"method" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"allocations" jsonb NOT NULL,
	"key_version" integer NOT NULL,
	"words" "bytea" NOT NULL,
	"donation_id" uuid,
	"fault" text,
	CONSTRAINT "offline_lines_church_id_batch_id_position_pk" PRIMARY KEY("church_id","batch_id","position"),
	CONSTRAINT "offline_lines_amount" CHECK ("offline_lines"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"state" text NOT NULL,
	"tries" smallint NOT NULL,
	"next_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "deliveries_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
CREATE TABLE "delivery_tries" (
	"church_id" uuid NOT NULL,
	"delivery_id" uuid NOT NULL,
	"number" smallint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"status" smallint,
	"duration_ms" integer NOT NULL,
	"error" text,
	"excerpt" text,
	CONSTRAINT "delivery_tries_church_id_delivery_id_number_pk" PRIMARY KEY("church_id","delivery_id","number")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"type" text NOT NULL,
	"object_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "events_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
CREATE TABLE "followings" (
	"church_id" uuid NOT NULL,
	"event_id" uuid NOT NULL,
	"follower" text NOT NULL,
	"tries" smallint NOT NULL,
	"next_at" timestamp (3) with time zone,
	"fault" text,
	CONSTRAINT "followings_church_id_event_id_follower_pk" PRIMARY KEY("church_id","event_id","follower")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"url" text NOT NULL,
	"event_types" text[] NOT NULL,
	"status" text NOT NULL,
	"disabled_reason" text,
	"key_version" integer NOT NULL,
	"secrets" "bytea" NOT NULL,
	"failing_since" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "webhook_endpoints_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
CREATE TABLE "portal_asks" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"address" "bytea" NOT NULL,
	"client" text,
	CONSTRAINT "portal_asks_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
CREATE TABLE "portal_links" (
	"church_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"donor_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "portal_links_church_id_hash_pk" PRIMARY KEY("church_id","hash")
);
--> statement-breakpoint
CREATE TABLE "portal_sessions" (
	"church_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"donor_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "portal_sessions_church_id_hash_pk" PRIMARY KEY("church_id","hash")
);
--> statement-breakpoint
CREATE TABLE "mandates" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"donor_id" uuid NOT NULL,
	"gateway_account_id" uuid NOT NULL,
	"gateway" text NOT NULL,
	"mode" text NOT NULL,
	"country" text NOT NULL,
	"method" text NOT NULL,
	"presentation" text NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"gateway_key" text NOT NULL,
	"gateway_mandate_id" text,
	"customer_ref" text,
	"action" jsonb,
	"display" text,
	"network" text,
	"expires_on" text,
	"cadence" text NOT NULL,
	"currency" text NOT NULL,
	"ceiling_minor" bigint,
	"fixed_minor" bigint,
	"agreement_text" text NOT NULL,
	"agreement_version" text NOT NULL,
	"agreed_at" timestamp (3) with time zone NOT NULL,
	"key_version" integer NOT NULL,
	"agreed_from" "bytea",
	"ended_by" text,
	"ended_code" text,
	"evidence" jsonb,
	"end_asked_at" timestamp (3) with time zone,
	"next_check_at" timestamp (3) with time zone,
	"checks" smallint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mandates_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "mandates_ceiling" CHECK ("mandates"."ceiling_minor" > 0),
	CONSTRAINT "mandates_ended" CHECK (("mandates"."state" = 'ended') = ("mandates"."ended_by" is not null))
);
--> statement-breakpoint
CREATE TABLE "occurrences" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"recurring_gift_id" uuid NOT NULL,
	"period" text NOT NULL,
	"rule_number" smallint NOT NULL,
	"index" integer NOT NULL,
	"due_on" date NOT NULL,
	"state" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"donation_id" uuid,
	"next_at" timestamp (3) with time zone,
	"tries" smallint NOT NULL,
	"reminders" smallint NOT NULL,
	"held_until" timestamp (3) with time zone,
	"stop_as" text,
	"decline" jsonb,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone,
	CONSTRAINT "occurrences_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "occurrences_amount" CHECK ("occurrences"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "recurring_allocations" (
	"church_id" uuid NOT NULL,
	"recurring_gift_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"fund_id" uuid NOT NULL,
	"amount_minor" bigint NOT NULL,
	CONSTRAINT "recurring_allocations_church_id_recurring_gift_id_position_pk" PRIMARY KEY("church_id","recurring_gift_id","position"),
	CONSTRAINT "recurring_allocations_amount" CHECK ("recurring_allocations"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "recurring_changes" (
	"church_id" uuid NOT NULL,
	"recurring_gift_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"what" text NOT NULL,
	"actor" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "recurring_changes_church_id_recurring_gift_id_version_what_pk" PRIMARY KEY("church_id","recurring_gift_id","version","what")
);
--> statement-breakpoint
CREATE TABLE "recurring_gifts" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"legal_entity_id" uuid NOT NULL,
	"donor_id" uuid NOT NULL,
	"mode" text NOT NULL,
	"status" text NOT NULL,
	"collection" text NOT NULL,
	"country" text NOT NULL,
	"method" text NOT NULL,
	"presentation" text NOT NULL,
	"bank" text,
	"mandate_id" uuid,
	"next_mandate_id" uuid,
	"amount_minor" bigint NOT NULL,
	"currency" text NOT NULL,
	"cover_fees" boolean NOT NULL,
	"anonymous" boolean NOT NULL,
	"locale" text NOT NULL,
	"return_url" text,
	"key_version" integer NOT NULL,
	"given" "bytea",
	"note" "bytea",
	"rule" jsonb NOT NULL,
	"anchor" date NOT NULL,
	"time_zone" text NOT NULL,
	"lead_days" smallint NOT NULL,
	"rule_number" smallint NOT NULL,
	"ends" jsonb NOT NULL,
	"next_change" jsonb,
	"next_index" integer NOT NULL,
	"next_due_on" date,
	"next_open_at" timestamp (3) with time zone,
	"resumes_on" date,
	"paused_at" timestamp (3) with time zone,
	"catch_up" boolean NOT NULL,
	"failed_periods" smallint NOT NULL,
	"dormant_reason" text,
	"canceled_by" text,
	"cancel_reason" text,
	"ended_at" timestamp (3) with time zone,
	"version" integer NOT NULL,
	"event_sequence" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "recurring_gifts_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "recurring_gifts_amount" CHECK ("recurring_gifts"."amount_minor" > 0)
);
--> statement-breakpoint
CREATE TABLE "gateway_accounts" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"legal_entity_id" uuid NOT NULL,
	"gateway" text NOT NULL,
	"mode" text NOT NULL,
	"country" text NOT NULL,
	"label" text NOT NULL,
	"status" text NOT NULL,
	"sandbox" boolean NOT NULL,
	"takes" jsonb,
	"troubles" smallint DEFAULT 0 NOT NULL,
	"quiet_until" timestamp (3) with time zone,
	"key_version" integer NOT NULL,
	"credentials" "bytea" NOT NULL,
	"endpoint_token" text NOT NULL,
	"webhook_secrets" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "gateway_accounts_church_id_id_pk" PRIMARY KEY("church_id","id"),
	CONSTRAINT "gateway_accounts_endpointToken_unique" UNIQUE("endpoint_token")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"church_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"gateway_account_id" uuid NOT NULL,
	"verdict" text NOT NULL,
	"event_key" text,
	"order_key" text,
	"type" text,
	"headers" jsonb NOT NULL,
	"target" text NOT NULL,
	"key_version" integer NOT NULL,
	"body" "bytea" NOT NULL,
	"state" text NOT NULL,
	"occurred_at" timestamp (3) with time zone,
	"received_at" timestamp (3) with time zone NOT NULL,
	"tries" smallint NOT NULL,
	"next_at" timestamp (3) with time zone,
	"handled_at" timestamp (3) with time zone,
	"remark" text,
	CONSTRAINT "inbox_church_id_id_pk" PRIMARY KEY("church_id","id")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_church_id_root_id_api_keys_church_id_id_fk" FOREIGN KEY ("church_id","root_id") REFERENCES "public"."api_keys"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "platform_keys" ADD CONSTRAINT "platform_keys_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_steps" ADD CONSTRAINT "approval_steps_church_id_approval_id_approvals_church_id_id_fk" FOREIGN KEY ("church_id","approval_id") REFERENCES "public"."approvals"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_church_id_donation_id_donations_church_id_id_fk" FOREIGN KEY ("church_id","donation_id") REFERENCES "public"."donations"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_church_id_attempt_id_payment_attempts_church_id_id_fk" FOREIGN KEY ("church_id","attempt_id") REFERENCES "public"."payment_attempts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_church_id_bank_line_id_bank_lines_church_id_id_fk" FOREIGN KEY ("church_id","bank_line_id") REFERENCES "public"."bank_lines"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_church_id_refund_id_refunds_church_id_id_fk" FOREIGN KEY ("church_id","refund_id") REFERENCES "public"."refunds"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_lines" ADD CONSTRAINT "bank_lines_church_id_statement_id_bank_statements_church_id_id_fk" FOREIGN KEY ("church_id","statement_id") REFERENCES "public"."bank_statements"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_lines" ADD CONSTRAINT "bank_lines_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_lines" ADD CONSTRAINT "bank_lines_church_id_attempt_id_payment_attempts_church_id_id_fk" FOREIGN KEY ("church_id","attempt_id") REFERENCES "public"."payment_attempts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bank_statements" ADD CONSTRAINT "bank_statements_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "church_keys" ADD CONSTRAINT "church_keys_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "churches" ADD CONSTRAINT "churches_platform_id_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."platforms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "funds" ADD CONSTRAINT "funds_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "legal_entities" ADD CONSTRAINT "legal_entities_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debit_accounts" ADD CONSTRAINT "debit_accounts_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debit_entries" ADD CONSTRAINT "debit_entries_church_id_attempt_id_payment_attempts_church_id_id_fk" FOREIGN KEY ("church_id","attempt_id") REFERENCES "public"."payment_attempts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debit_entries" ADD CONSTRAINT "debit_entries_church_id_file_id_debit_files_church_id_id_fk" FOREIGN KEY ("church_id","file_id") REFERENCES "public"."debit_files"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debit_entries" ADD CONSTRAINT "debit_entries_church_id_debit_account_id_debit_accounts_church_id_id_fk" FOREIGN KEY ("church_id","debit_account_id") REFERENCES "public"."debit_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debit_files" ADD CONSTRAINT "debit_files_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debit_returns" ADD CONSTRAINT "debit_returns_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "debit_returns" ADD CONSTRAINT "debit_returns_church_id_attempt_id_payment_attempts_church_id_id_fk" FOREIGN KEY ("church_id","attempt_id") REFERENCES "public"."payment_attempts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "donors" ADD CONSTRAINT "donors_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_church_id_donation_id_donations_church_id_id_fk" FOREIGN KEY ("church_id","donation_id") REFERENCES "public"."donations"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "allocations" ADD CONSTRAINT "allocations_church_id_fund_id_funds_church_id_id_fk" FOREIGN KEY ("church_id","fund_id") REFERENCES "public"."funds"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt_changes" ADD CONSTRAINT "attempt_changes_church_id_attempt_id_payment_attempts_church_id_id_fk" FOREIGN KEY ("church_id","attempt_id") REFERENCES "public"."payment_attempts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_church_id_attempt_id_payment_attempts_church_id_id_fk" FOREIGN KEY ("church_id","attempt_id") REFERENCES "public"."payment_attempts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "donations" ADD CONSTRAINT "donations_church_id_legal_entity_id_legal_entities_church_id_id_fk" FOREIGN KEY ("church_id","legal_entity_id") REFERENCES "public"."legal_entities"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "donations" ADD CONSTRAINT "donations_church_id_donor_id_donors_church_id_id_fk" FOREIGN KEY ("church_id","donor_id") REFERENCES "public"."donors"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_customers" ADD CONSTRAINT "gateway_customers_church_id_donor_id_donors_church_id_id_fk" FOREIGN KEY ("church_id","donor_id") REFERENCES "public"."donors"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_customers" ADD CONSTRAINT "gateway_customers_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_church_id_donation_id_donations_church_id_id_fk" FOREIGN KEY ("church_id","donation_id") REFERENCES "public"."donations"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_attempts" ADD CONSTRAINT "payment_attempts_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_church_id_attempt_id_payment_attempts_church_id_id_fk" FOREIGN KEY ("church_id","attempt_id") REFERENCES "public"."payment_attempts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_church_id_donation_id_donations_church_id_id_fk" FOREIGN KEY ("church_id","donation_id") REFERENCES "public"."donations"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_entries" ADD CONSTRAINT "journal_entries_church_id_corrects_entry_id_journal_entries_church_id_id_fk" FOREIGN KEY ("church_id","corrects_entry_id") REFERENCES "public"."journal_entries"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_church_id_legal_entity_id_legal_entities_church_id_id_fk" FOREIGN KEY ("church_id","legal_entity_id") REFERENCES "public"."legal_entities"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_church_id_fund_id_funds_church_id_id_fk" FOREIGN KEY ("church_id","fund_id") REFERENCES "public"."funds"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_accounts" ADD CONSTRAINT "ledger_accounts_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_seals" ADD CONSTRAINT "ledger_seals_church_id_entry_id_journal_entries_church_id_id_fk" FOREIGN KEY ("church_id","entry_id") REFERENCES "public"."journal_entries"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dead_addresses" ADD CONSTRAINT "dead_addresses_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_preferences" ADD CONSTRAINT "message_preferences_church_id_donor_id_donors_church_id_id_fk" FOREIGN KEY ("church_id","donor_id") REFERENCES "public"."donors"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_returns" ADD CONSTRAINT "message_returns_church_id_message_id_messages_church_id_id_fk" FOREIGN KEY ("church_id","message_id") REFERENCES "public"."messages"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_tries" ADD CONSTRAINT "message_tries_church_id_message_id_messages_church_id_id_fk" FOREIGN KEY ("church_id","message_id") REFERENCES "public"."messages"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_church_id_donor_id_donors_church_id_id_fk" FOREIGN KEY ("church_id","donor_id") REFERENCES "public"."donors"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offline_batches" ADD CONSTRAINT "offline_batches_church_id_legal_entity_id_legal_entities_church_id_id_fk" FOREIGN KEY ("church_id","legal_entity_id") REFERENCES "public"."legal_entities"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offline_lines" ADD CONSTRAINT "offline_lines_church_id_batch_id_offline_batches_church_id_id_fk" FOREIGN KEY ("church_id","batch_id") REFERENCES "public"."offline_batches"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offline_lines" ADD CONSTRAINT "offline_lines_church_id_donation_id_donations_church_id_id_fk" FOREIGN KEY ("church_id","donation_id") REFERENCES "public"."donations"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_church_id_event_id_events_church_id_id_fk" FOREIGN KEY ("church_id","event_id") REFERENCES "public"."events"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_church_id_endpoint_id_webhook_endpoints_church_id_id_fk" FOREIGN KEY ("church_id","endpoint_id") REFERENCES "public"."webhook_endpoints"("church_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery_tries" ADD CONSTRAINT "delivery_tries_church_id_delivery_id_deliveries_church_id_id_fk" FOREIGN KEY ("church_id","delivery_id") REFERENCES "public"."deliveries"("church_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "followings" ADD CONSTRAINT "followings_church_id_event_id_events_church_id_id_fk" FOREIGN KEY ("church_id","event_id") REFERENCES "public"."events"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_asks" ADD CONSTRAINT "portal_asks_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_links" ADD CONSTRAINT "portal_links_church_id_donor_id_donors_church_id_id_fk" FOREIGN KEY ("church_id","donor_id") REFERENCES "public"."donors"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal_sessions" ADD CONSTRAINT "portal_sessions_church_id_donor_id_donors_church_id_id_fk" FOREIGN KEY ("church_id","donor_id") REFERENCES "public"."donors"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mandates" ADD CONSTRAINT "mandates_church_id_donor_id_donors_church_id_id_fk" FOREIGN KEY ("church_id","donor_id") REFERENCES "public"."donors"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mandates" ADD CONSTRAINT "mandates_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occurrences" ADD CONSTRAINT "occurrences_church_id_recurring_gift_id_recurring_gifts_church_id_id_fk" FOREIGN KEY ("church_id","recurring_gift_id") REFERENCES "public"."recurring_gifts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "occurrences" ADD CONSTRAINT "occurrences_church_id_donation_id_donations_church_id_id_fk" FOREIGN KEY ("church_id","donation_id") REFERENCES "public"."donations"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_allocations" ADD CONSTRAINT "recurring_allocations_church_id_recurring_gift_id_recurring_gifts_church_id_id_fk" FOREIGN KEY ("church_id","recurring_gift_id") REFERENCES "public"."recurring_gifts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_allocations" ADD CONSTRAINT "recurring_allocations_church_id_fund_id_funds_church_id_id_fk" FOREIGN KEY ("church_id","fund_id") REFERENCES "public"."funds"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_changes" ADD CONSTRAINT "recurring_changes_church_id_recurring_gift_id_recurring_gifts_church_id_id_fk" FOREIGN KEY ("church_id","recurring_gift_id") REFERENCES "public"."recurring_gifts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_gifts" ADD CONSTRAINT "recurring_gifts_church_id_legal_entity_id_legal_entities_church_id_id_fk" FOREIGN KEY ("church_id","legal_entity_id") REFERENCES "public"."legal_entities"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_gifts" ADD CONSTRAINT "recurring_gifts_church_id_donor_id_donors_church_id_id_fk" FOREIGN KEY ("church_id","donor_id") REFERENCES "public"."donors"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_gifts" ADD CONSTRAINT "recurring_gifts_church_id_mandate_id_mandates_church_id_id_fk" FOREIGN KEY ("church_id","mandate_id") REFERENCES "public"."mandates"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recurring_gifts" ADD CONSTRAINT "recurring_gifts_church_id_next_mandate_id_mandates_church_id_id_fk" FOREIGN KEY ("church_id","next_mandate_id") REFERENCES "public"."mandates"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_accounts" ADD CONSTRAINT "gateway_accounts_church_id_churches_church_id_fk" FOREIGN KEY ("church_id") REFERENCES "public"."churches"("church_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gateway_accounts" ADD CONSTRAINT "gateway_accounts_church_id_legal_entity_id_legal_entities_church_id_id_fk" FOREIGN KEY ("church_id","legal_entity_id") REFERENCES "public"."legal_entities"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbox" ADD CONSTRAINT "inbox_church_id_gateway_account_id_gateway_accounts_church_id_id_fk" FOREIGN KEY ("church_id","gateway_account_id") REFERENCES "public"."gateway_accounts"("church_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_one_open" ON "approvals" USING btree ("church_id","subject") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "approvals_state" ON "approvals" USING btree ("state","id","church_id");--> statement-breakpoint
CREATE UNIQUE INDEX "bank_lines_movement" ON "bank_lines" USING btree ("church_id","gateway_account_id","fingerprint");--> statement-breakpoint
CREATE UNIQUE INDEX "bank_lines_pays" ON "bank_lines" USING btree ("church_id","attempt_id") WHERE state in ('matched', 'assigned');--> statement-breakpoint
CREATE INDEX "bank_lines_attempt" ON "bank_lines" USING btree ("attempt_id","church_id") WHERE attempt_id is not null;--> statement-breakpoint
CREATE INDEX "bank_lines_state" ON "bank_lines" USING btree ("state","id","church_id");--> statement-breakpoint
CREATE UNIQUE INDEX "bank_statements_file" ON "bank_statements" USING btree ("church_id","gateway_account_id","sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "debit_entries_once" ON "debit_entries" USING btree ("church_id","attempt_id") WHERE state in ('filed', 'settled');--> statement-breakpoint
CREATE INDEX "debit_entries_attempt" ON "debit_entries" USING btree ("attempt_id","church_id");--> statement-breakpoint
CREATE UNIQUE INDEX "debit_files_of_day" ON "debit_files" USING btree ("church_id","gateway_account_id","made_on","sequence_of_day");--> statement-breakpoint
CREATE UNIQUE INDEX "donors_email" ON "donors" USING btree ("church_id","email_index");--> statement-breakpoint
CREATE INDEX "donors_tax_id" ON "donors" USING btree ("tax_id_index","church_id");--> statement-breakpoint
CREATE UNIQUE INDEX "disputes_gateway_dispute" ON "disputes" USING btree ("church_id","attempt_id","gateway_dispute_id");--> statement-breakpoint
CREATE INDEX "donations_donor" ON "donations" USING btree ("donor_id","church_id");--> statement-breakpoint
CREATE INDEX "donations_recurring_gift" ON "donations" USING btree ("church_id","recurring_gift_id") WHERE recurring_gift_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "gateway_customers_ref" ON "gateway_customers" USING btree ("church_id","gateway_account_id","customer_ref");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_number" ON "payment_attempts" USING btree ("church_id","donation_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_gateway_payment" ON "payment_attempts" USING btree ("church_id","gateway_account_id","gateway_payment_id") WHERE gateway_payment_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_captured" ON "payment_attempts" USING btree ("church_id","donation_id") WHERE state = 'captured';--> statement-breakpoint
CREATE INDEX "attempts_due" ON "payment_attempts" USING btree ("next_check_at") WHERE next_check_at is not null;--> statement-breakpoint
CREATE INDEX "refunds_donation" ON "refunds" USING btree ("donation_id","church_id");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_gateway_refund" ON "refunds" USING btree ("church_id","attempt_id","gateway_refund_id") WHERE gateway_refund_id is not null;--> statement-breakpoint
CREATE INDEX "refunds_due" ON "refunds" USING btree ("next_check_at") WHERE next_check_at is not null;--> statement-breakpoint
CREATE INDEX "idempotency_expiry" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "journal_entries_source" ON "journal_entries" USING btree ("church_id","source_kind","source_id","purpose");--> statement-breakpoint
CREATE INDEX "journal_entries_occurred" ON "journal_entries" USING btree ("church_id","occurred_at");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_accounts_address" ON "ledger_accounts" USING btree ("church_id","legal_entity_id","code","dimension_id","currency");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_seals_entry" ON "ledger_seals" USING btree ("church_id","entry_id");--> statement-breakpoint
CREATE UNIQUE INDEX "postings_entry" ON "postings" USING btree ("church_id","entry_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_dedupe" ON "messages" USING btree ("church_id","dedupe_key");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_provider" ON "messages" USING btree ("church_id","provider_id") WHERE provider_id is not null;--> statement-breakpoint
CREATE INDEX "messages_due" ON "messages" USING btree ("church_id","next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX "messages_donor" ON "messages" USING btree ("church_id","donor_id","id");--> statement-breakpoint
CREATE INDEX "messages_returned" ON "messages" USING btree ("id");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("church_id","next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX "deliveries_endpoint" ON "deliveries" USING btree ("church_id","endpoint_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_event" ON "deliveries" USING btree ("church_id","event_id");--> statement-breakpoint
CREATE UNIQUE INDEX "events_object" ON "events" USING btree ("church_id","object_id","sequence");--> statement-breakpoint
CREATE INDEX "followings_due" ON "followings" USING btree ("follower","next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX "portal_asks_time" ON "portal_asks" USING btree ("church_id","asked_at");--> statement-breakpoint
CREATE INDEX "portal_links_expiry" ON "portal_links" USING btree ("church_id","expires_at");--> statement-breakpoint
CREATE INDEX "portal_sessions_donor" ON "portal_sessions" USING btree ("church_id","donor_id");--> statement-breakpoint
CREATE INDEX "portal_sessions_start" ON "portal_sessions" USING btree ("church_id","created_at");--> statement-breakpoint
CREATE INDEX "mandates_at_gateway" ON "mandates" USING btree ("church_id","gateway_account_id","gateway_mandate_id") WHERE gateway_mandate_id is not null;--> statement-breakpoint
CREATE INDEX "mandates_donor" ON "mandates" USING btree ("church_id","donor_id");--> statement-breakpoint
CREATE INDEX "mandates_due" ON "mandates" USING btree ("next_check_at") WHERE next_check_at is not null;--> statement-breakpoint
CREATE INDEX "mandates_expiring" ON "mandates" USING btree ("expires_on") WHERE expires_on is not null and state = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "occurrences_period" ON "occurrences" USING btree ("church_id","recurring_gift_id","period");--> statement-breakpoint
CREATE UNIQUE INDEX "occurrences_donation" ON "occurrences" USING btree ("church_id","donation_id") WHERE donation_id is not null;--> statement-breakpoint
CREATE INDEX "occurrences_due" ON "occurrences" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX "recurring_gifts_donor" ON "recurring_gifts" USING btree ("church_id","donor_id");--> statement-breakpoint
CREATE INDEX "recurring_gifts_mandate" ON "recurring_gifts" USING btree ("church_id","mandate_id") WHERE mandate_id is not null;--> statement-breakpoint
CREATE INDEX "recurring_gifts_due" ON "recurring_gifts" USING btree ("next_open_at") WHERE next_open_at is not null;--> statement-breakpoint
CREATE INDEX "recurring_gifts_resuming" ON "recurring_gifts" USING btree ("resumes_on") WHERE resumes_on is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "inbox_event" ON "inbox" USING btree ("church_id","gateway_account_id","event_key") WHERE event_key is not null;--> statement-breakpoint
CREATE INDEX "inbox_due" ON "inbox" USING btree ("next_at") WHERE next_at is not null;--> statement-breakpoint
CREATE INDEX "inbox_order" ON "inbox" USING btree ("church_id","gateway_account_id","order_key") WHERE next_at is not null;