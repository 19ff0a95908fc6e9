// Generated from the OpenAPI document by `npm run schema`; not to be edited.

export interface paths {
    "/api/analytics/domain-risk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Domains of the window that look made up, imitate a protected name, or were seen for the first time. */
        get: operations["analytics_domain_risk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/file-extensions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Extensions and categories of files with most requests. */
        get: operations["analytics_file_extensions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/shadow-it": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The services with most requests, sanctioned or not. */
        get: operations["analytics_shadow_it"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/top-domains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The domains with most requests. */
        get: operations["analytics_top_domains"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/analytics/user-agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Methods, kinds of service and programs with most requests. */
        get: operations["analytics_user_agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own keys, by number; those that have ended too. */
        get: operations["api_keys_list"];
        put?: never;
        /** Makes a key. */
        post: operations["api_keys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/api-keys/access-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Draws another API access secret; tokens signed with the one before are worth nothing from then on. */
        post: operations["api_keys_access_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes one of one's own keys; it is worth nothing from then on. */
        delete: operations["api_keys_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/archives": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The archives, oldest first. */
        get: operations["archives_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/archives/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Writes the events older than `log_retention_days` that are in no archive yet into one, as a job. */
        post: operations["archives_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/archives/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes an archive: the rows in it are gone, unless the store or a copy of the file has them. */
        delete: operations["archives_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was done, by whom, newest first. */
        get: operations["audit_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-log/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks hash and signature of every entry. */
        get: operations["audit_verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Trades a name and password for tokens. */
        post: operations["auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the request's credentials stand for and what they allow. */
        get: operations["auth_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Trades a refresh token for the next pair. One that was used before ends its login. */
        post: operations["auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draws a second factor (201), or with the code it shows turns it on (200). From then on logging in takes a code, and
         *     HTTP Basic is refused.
         */
        post: operations["totp_enrol"];
        /** Turns one's second factor off, with the password or a code. */
        delete: operations["totp_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes one's own password. 403 when the present one is wrong, 422 when the new one is weak. */
        post: operations["auth_change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/charts/severity-timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rows per hour and severity, gaps filled with zeros, the current unfinished hour last. */
        get: operations["charts_severity_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/charts/top-hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The machines whose logs have most rows. */
        get: operations["charts_top_hosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/charts/volume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rows per hour, gaps filled with zeros, the current unfinished hour last. */
        get: operations["charts_volume"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/check-update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether there is a newer Tidegate. Asks where `[updates] url` of config.toml says, once a day; nowhere without. */
        get: operations["check_update"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clients/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The clients with most requests, or with the highest scores. */
        get: operations["clients_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/clients/{ip}/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything about a client: an address, or a pseudonym as rows show it. */
        get: operations["clients_details"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The configuration in force, without secrets. */
        get: operations["config_effective"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/dashboard/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The numbers of the start page; of the last 24 hours where they are not of the whole store. */
        get: operations["dashboard_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/domains/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The domains with most requests. */
        get: operations["domains_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/domains/{domain}/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything about a domain and the names below it. */
        get: operations["domains_details"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/export/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rows that match as CSV (RFC 4180), with a header line.
         * @description Texts that a spreadsheet would take for a formula have an apostrophe in front. Lists are separated by blanks.
         */
        get: operations["export_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/export/json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows that match as a JSON array. */
        get: operations["export_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/export/ndjson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows that match, a JSON object a line. */
        get: operations["export_ndjson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What clients did over time that gives them away, by the newest request first; a window is about the last request. */
        get: operations["findings_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings/detectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is looked for, and whether the log lets it be seen. */
        get: operations["findings_detectors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A finding, with rows that show it and what to do about it. */
        get: operations["findings_detail"];
        /** Dismisses a finding or opens it again, with a note why. */
        put: operations["findings_set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** As `/health`. */
        get: operations["api_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every job: when it runs, and what came of it last. */
        get: operations["jobs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs of jobs, newest first. */
        get: operations["jobs_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One run, and how far it is. */
        get: operations["jobs_detail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Has a job run now. */
        post: operations["jobs_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/license/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Under which licence Tidegate is, and each package it is made of. */
        get: operations["license_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lists and how long they are. */
        get: operations["lists_all"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lists/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The entries of a list, networks by address, hosts by name. Names of clients need the scope `pii:read` while masking
         *     is on.
         */
        get: operations["lists_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/lists/{name}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes entries from a file: one a line, or in the format of hosts(5). At most 16 MiB. */
        post: operations["lists_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the login the request came with: its session, or its tokens. */
        post: operations["auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The stored rows, filtered, newest first unless asked otherwise. */
        get: operations["logs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Removes every event and everything derived from them. */
        post: operations["clear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/clear-old": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes the events older than a number of days, by whole hours; where the setting `archive_enabled` says so, once they
         *     are in an archive.
         */
        post: operations["clear_old"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rows as they are stored, as server-sent events.
         * @description `event: log` carries a row; its `id` resumes the stream, in `Last-Event-ID` or `cursor`, without a gap. `event:
         *     dropped` says with `{count}` how many rows were left out because too many waited. A comment comes every 15 s. `event:
         *     end` says with `{code}` why the stream ends: `unauthenticated` when the credential was revoked or has expired,
         *     `view_changed` when masking has changed (its `id` resumes in the new view), `shutdown`, or the code of a failure.
         */
        get: operations["logs_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Totals over the whole store. */
        get: operations["stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Rows per bucket of time, the current unfinished one last. Buckets of an hour or a day count rows that retention has
         *     removed too, as long as their sums are kept (the setting `rollup_retention_days`).
         */
        get: operations["timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One row, its line, and why it was taken for what it was. */
        get: operations["detail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/maintenance/analyze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renews the statistics that the database of events plans its look-ups by. */
        post: operations["analyze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/maintenance/rebuild-stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts all sums per group together anew from the rows. */
        post: operations["rebuild_stats"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/maintenance/vacuum": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Writes the database of events anew, and answers how many MB that gave back. */
        post: operations["vacuum"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["document"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/privacy/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erases what is stored of a person: their rows, and rejected lines that name them. Ends with a search for what is
         *     left. On record under the person's pseudonym. While masking is on, naming the person otherwise than by pseudonym needs
         *     the scope `pii:read`.
         */
        post: operations["privacy_erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/privacy/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hands out every row of a person, one JSON object a line by rising id, as logged. While masking is on the scope
         *     `pii:read` is needed too. Audited before the first byte, under the person's pseudonym. Rejected lines are not
         *     among them: whose they are is not known.
         */
        get: operations["privacy_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/privacy/reveal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a pseudonym stands for, audited before it is told. Without the scope `pii:read`, or where the setting
         *     `gdpr_reveal_needs_approval` asks for it, the request waits for a second person (202); once approved, the same
         *     request is answered, once and within 15 minutes.
         */
        post: operations["privacy_reveal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/privacy/reveal/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approves somebody else's request; audited. The requester is then answered, once and within 15 minutes. */
        post: operations["privacy_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/privacy/reveals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests to be told what pseudonyms stand for, newest first: one's own; for whoever may decide about them,
         *     everybody's.
         */
        get: operations["privacy_reveals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rejects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines that could not be parsed, newest first. */
        get: operations["rejects_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rejects/reimport": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads rejected lines of a source again. Those that can be read become rows and are rejects no more; the others stay.
         *     While masking is on, a format with a definition of its own needs the scope `pii:read`, as it says which part of a line
         *     is personal. Times without a zone are in that of this machine.
         */
        post: operations["rejects_reimport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads config.toml again, and the rules and certificates it names, and puts them in force; no line is lost. Where
         *     anything is wrong with them nothing is changed, and `errors` names file, line and mend.
         */
        post: operations["reload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/retention-preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What `POST /api/logs/clear-old` would remove now. */
        get: operations["preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/rate-limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who was turned away of late, by rate limits and after failed logins; those who still are first. */
        get: operations["rate_limits_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/rate-limits/{ip}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forgets what was counted of a peer, so that it is let in again. */
        delete: operations["rate_limits_clear"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/security/score": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The security score: what settings, squid.conf and the traffic of the last seven days prove. A setting alone earns part
         *     of its points; what traffic contradicts earns none, and the rows that show it are named.
         */
        get: operations["security_score"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/services/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Decides whether a service may be used, whatever its category: keeps its name in one of the settings
         *     `sanctioned_services` and `unsanctioned_services`. Rows and statistics say so from then on, for the past too.
         */
        put: operations["services_set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every setting with its value, bounds and meaning. */
        get: operations["settings_list"];
        put?: never;
        /** Sets several settings, all or none. */
        post: operations["settings_set_several"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets one setting. */
        put: operations["settings_set"];
        /** Sets settings of one section, all or none; names may lack the beginning that all names of the section share. */
        post: operations["settings_set_section"];
        /** Forgets what was set: config.toml's value or the default holds again. */
        delete: operations["settings_reset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every source, by name; to a key restricted to some, those. */
        get: operations["sources_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The counts of the whole store, or of a window, and how it is fed. */
        get: operations["server_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether lines come, and what the process takes. Never the same twice, so it has no tag. */
        get: operations["status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tls-cert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How certificates and keys are; never a key. */
        get: operations["tls_cert_state"];
        put?: never;
        /**
         * Stores a certificate or a private key: `multipart/form-data` with `file` and perhaps `type`, or JSON.
         * @description New connections are served with it at once. A key has to belong to its certificate; a certificate that doesn't fit
         *     the present key waits for its own. A PEM text with both replaces both.
         */
        post: operations["tls_cert_put"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tls-cert-delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes a certificate or a private key; 409 while HTTPS is served with it. A file that was only pointed to stays. */
        post: operations["delete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tls-generate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a private key and a certificate that vouches for itself, in place of the present ones. */
        post: operations["generate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/traffic/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Bytes and requests per bucket, the current unfinished one last; `limit` keeps the newest buckets. */
        get: operations["traffic_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every account, by number. */
        get: operations["users_list"];
        put?: never;
        /** Makes an account. */
        post: operations["users_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account: any for whoever manages accounts, one's own for everybody. */
        get: operations["users_get"];
        /** Changes an account; of one's own without `users:write`, what it is called, its e-mail address and theme. */
        put: operations["users_update"];
        post?: never;
        /** Removes an account, its logins and its keys. */
        delete: operations["users_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{id}/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives an account a password that has to be changed at its next login; its logins end, its second factor comes off. */
        post: operations["users_reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which Tidegate this is, and what is known of newer ones. Asks nobody. */
        get: operations["version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waf/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every category that has rules, with its hits in the window. */
        get: operations["waf_categories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waf/categories/toggle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Switches a category on or off, for rows that are scored from then on: keeps its name in the setting
         *     `waf_disabled_categories`.
         */
        post: operations["waf_categories_toggle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waf/rescore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Scores every stored row by the rules in force, as a job; nothing but scores changes. Rows that were stored under
         *     pseudonyms are scored as they are stored.
         */
        post: operations["waf_rescore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waf/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every rule, by id, with its hits in the window. */
        get: operations["waf_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waf/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One rule, with its hits in the window. */
        get: operations["waf_rule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waf/score": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Scores a request by the rules in force, without storing anything. */
        post: operations["waf_score"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waf/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the rules said of the rows of a window. */
        get: operations["waf_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waf/test-rule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries a pattern or a rule on the newest rows, for some seconds at most. */
        post: operations["waf_test_rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/waf/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the rules said over time, from the first bucket with a row that was scored to the last, gaps filled with zeros:
         *     five minutes wide for windows up to three hours, an hour up to fourteen days, then a day.
         */
        get: operations["waf_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/archives/download/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An archive's file. While masking is on, archives that show more of a person than the caller may see need the scope
         *     `pii:read`. On record before the first byte.
         */
        get: operations["archives_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/export/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows that match as CSV, for links: the same as `/api/export/csv`. */
        get: operations["export_csv_link"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/export/json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The rows that match as a JSON array, for links: the same as `/api/export/json`. */
        get: operations["export_json_link"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the server is doing; why, for those who said who they are. */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers, whatever else is wrong. */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins a session. A form that names a `next` is sent there (303); everything else gets the envelope. */
        post: operations["session_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session, where there is one, and takes its cookie away. A form is sent to the login page (303). */
        post: operations["session_end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was counted, in Prometheus' text format. Open to a peer on this machine that is no proxy. */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether questions can be answered. */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/restart-server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answers, then ends the process so that its supervisor starts it again. Whatever has come is stored first. */
        post: operations["restart_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The secret one signs own tokens with. */
        AccessSecret: {
            /** @description Its text is the key of HS256; shown this once. */
            access_secret: string;
        };
        /** @description Requests of a program. */
        AgentCount: {
            /**
             * @description `browser`, `library`, `cli_tool`, `updater`, `bot`, `scanner` or `unknown`.
             * @example browser
             */
            class: string;
            /**
             * Format: int64
             * @description Clients that used it.
             */
            clients: number;
            /**
             * Format: int64
             * @description Requests.
             */
            count: number;
            /**
             * @description Its family; `-` where the log names none, or none that is known.
             * @example Firefox
             */
            family: string;
        };
        /** @description A key, without its secret. */
        ApiKeyRow: {
            /** @description When it was made. */
            created_at: string;
            /** @description Whether it has ended. */
            expired: boolean;
            /** @description When it ends. */
            expires_at?: string | null;
            /**
             * Format: int64
             * @description Its number; never reused.
             */
            id: number;
            /** @description When it was last used, to the minute. */
            last_used?: string | null;
            /** @description What it is for. */
            name: string;
            /**
             * @description How it begins.
             * @example tg_live_Zk3b9a
             */
            prefix: string;
            /** @description What it may do, as far as its owner may. */
            scopes: string[];
            /** @description The log sources it is restricted to; null for all. */
            sources?: string[] | null;
        };
        /** @description An archive. */
        ArchiveRow: {
            /**
             * Format: int64
             * @description The size of its file.
             */
            bytes: number;
            /** @description When it was written, RFC 3339. */
            created?: string | null;
            /** @description Where the file is to be had. */
            download: string;
            /**
             * Format: int64
             * @description Rows of persons that were erased from it.
             */
            erased_rows?: number | null;
            /** @description Why it can't be read; everything below is null then. */
            error?: string | null;
            /** @description The time of its oldest row, RFC 3339. */
            first_event?: string | null;
            /** @description The time of its newest row, RFC 3339. */
            last_event?: string | null;
            /**
             * @description What is masked in it: `none`, `pseudonyms` or `mask`.
             * @example none
             */
            masking?: string | null;
            /**
             * @description Its name.
             * @example tidegate-20260101T000000Z-1a2b3c4d.tar
             */
            name: string;
            /**
             * Format: int64
             * @description How many rows it holds.
             */
            rows?: number | null;
            /**
             * Format: int64
             * @description Rows that lay in damaged blocks and are not in it.
             */
            unreadable_rows?: number | null;
        };
        /** @description Whether the audit log is what was written. */
        AuditCheck: {
            /**
             * Format: int64
             * @description How many entries the log holds; an action with a begin and an end has two.
             */
            entries: number;
            /**
             * Format: int64
             * @description The first entry that was changed, put in or removed; null where there is none.
             */
            first_broken_id?: number | null;
            /** @description Whether every entry is as it was written and none is missing. */
            valid: boolean;
        };
        /** @description How the target was before and after. */
        AuditDetails: {
            after?: unknown;
            before?: unknown;
        };
        /** @description An entry of the audit log. */
        AuditEntryRow: {
            /**
             * @description The action, `noun.verb`.
             * @example logs.clear
             */
            action: string;
            /** @description What it was let in by: `password`, `API key 3`; null for the machine itself. */
            credential?: string | null;
            /** @description How that was before and after. */
            details: components["schemas"]["AuditDetails"];
            /**
             * @description SHA-256 of this entry and all before it, in hexadecimal. Note it elsewhere to find out later whether the whole
             *     log was put back to an older state.
             */
            hash: string;
            /**
             * Format: int64
             * @description Its number; rises, never reused.
             */
            id: number;
            /** @description The HTTP method, or the command. */
            method: string;
            /** @description The request, as in the server's log. */
            request_id?: string | null;
            /** @description From where; null for the machine itself. */
            source_ip?: string | null;
            /**
             * @description How far it got: `done`, `failed`, `intent` while it is under way, `interrupted` where its end is unknown.
             * @example done
             */
            state: string;
            /** @description What it was done to. */
            target: string;
            /** @description When it began, `YYYY-MM-DD HH:MM:SS` in UTC. */
            timestamp: string;
            /** @description Who did it. */
            username: string;
        };
        /** @description A line that holds no entry. */
        BadLineRow: {
            /** @description Its number, 1 upwards. */
            line: number;
            /** @description What is wrong with it. */
            reason: string;
            /** @description Its text, at most 100 characters of it. */
            text: string;
        };
        /** @description Something the log of a source can't show. */
        BlindSpot: {
            /** @description The lines of squid.conf that mend it; empty where the log is not Squid's. */
            fix: string[];
            /**
             * @description A stable word.
             * @example queries
             */
            id: string;
            /** @description What can't be found out any more, or only in part. */
            loses: string[];
            /** @description What is missing, and how that is known. */
            what: string;
        };
        /** @description Where requests were blocked. */
        BlockedDestination: {
            /**
             * Format: int64
             * @description Blocked requests.
             */
            count: number;
            /** @description `host:port`. */
            dest: string;
        };
        /** @description A peer that was turned away of late. */
        BlockedRow: {
            /**
             * Format: int64
             * @description How many of its requests were turned away.
             */
            attempts: number;
            /** @description Whether the next one would be, too. */
            blocked: boolean;
            /**
             * @description When all is forgotten, RFC 3339.
             * @example 2026-01-01T12:00:03Z
             */
            expires_at: string;
            /**
             * @description Its address, as the reader may see it.
             * @example 192.0.2.7
             */
            ip: string;
        };
        /** @description A bucket of the timeline. */
        Bucket: {
            /**
             * Format: int64
             * @description Rows that count as blocked.
             */
            blocked: number;
            /** @description Its start, `YYYY-MM-DD HH:MM:SS` in UTC. */
            time: string;
            /**
             * Format: int64
             * @description Rows.
             */
            total: number;
        };
        /** @description Requests for a category of files. */
        CategoryCount: {
            /**
             * Format: int64
             * @description Bytes sent to clients.
             */
            bytes: number;
            /**
             * @description The category.
             * @example script
             */
            category: string;
            /**
             * Format: int64
             * @description Requests.
             */
            count: number;
        };
        /** @description Rules that are about the same. */
        CategoryRow: {
            /** @description Whether new rows are scored by them. */
            enabled: boolean;
            /**
             * Format: int64
             * @description Rows of the window that one of them matched when they were scored.
             */
            hits: number;
            /**
             * @description Its name.
             * @example sql
             */
            name: string;
            /**
             * Format: int64
             * @description How many rules are in it.
             */
            rules: number;
            /**
             * @description What it is about.
             * @example SQL injection
             */
            title: string;
        };
        /** @description A certificate or key: as text, or as a file on the server's machine. */
        CertBody: {
            /** @description An absolute path on the server's machine. */
            path?: string | null;
            /** @description Whether the file stays there and is read again when it changes, instead of being copied. */
            path_only?: boolean | null;
            /** @description Its PEM text; a certificate may have its key with it. */
            pem?: string | null;
            /** @description Which file it is. */
            type?: string | null;
        };
        /** @description Which file is to be deleted. */
        CertDeleteBody: {
            /** @description Which file; `https_cert` unless given. */
            type?: string | null;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_Erasure: {
            /** @description What was erased, and what a search for the person found afterwards. */
            data: {
                /**
                 * Format: int64
                 * @description Rows that are gone from archives; many of them are copies of rows that were in the store.
                 */
                archived_rows: number;
                /** @description The archives that were written anew. */
                archives: string[];
                /** @description Whether the search found the person nowhere. */
                clean: boolean;
                /** @description In which files of the data directory the search found the person. */
                files: components["schemas"]["Found"][];
                /** @description What an erasure leaves, and why. */
                kept: string[];
                /**
                 * @description `client` or `user`.
                 * @example client
                 */
                kind: string;
                /** @description The pseudonym the erasure is on record under. */
                pseudonym: string;
                /**
                 * Format: int64
                 * @description Rejected lines that named the person, and are gone.
                 */
                rejects: number;
                /**
                 * Format: int64
                 * @description Rows that are gone.
                 */
                rows: number;
                /** @description Archives that could not be searched: damaged, or with pseudonyms of a key that is gone. */
                unreadable_archives: string[];
                /**
                 * Format: int64
                 * @description Damaged blocks that could not be read; they appear in no answer.
                 */
                unreadable_blocks: number;
                /** @description Where the search found the person in stored values of other rows. */
                values: components["schemas"]["Found"][];
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_FindingRow: {
            /** @description Something that a client did over time. */
            data: {
                /** @description The client that did it. */
                client_ip?: string | null;
                /** @description Where: `host:port`, a domain or the name of a service; null where it is no one place. */
                destination?: string | null;
                /**
                 * @description The name of what detected it: `beacon`.
                 * @example beacon
                 */
                detector: string;
                /** @description The first of its requests. */
                first_seen: string;
                /** @description When it was found first. */
                found_at: string;
                /**
                 * Format: int64
                 * @description Its number; rises, never reused.
                 */
                id: number;
                /** @description The last of its requests. */
                last_seen: string;
                /** @description The question that lists its requests. */
                logs: string;
                /** @description What was measured, by name: `period_seconds`, `jitter_pct`, `megabytes`. */
                measures: {
                    [key: string]: number;
                };
                /**
                 * Format: int64
                 * @description Requests that it rests on.
                 */
                requests: number;
                /**
                 * @description How bad it is.
                 * @example Warning
                 */
                severity: string;
                /**
                 * @description `open` or `dismissed`.
                 * @example open
                 */
                status: string;
                /** @description Why it is one, in one sentence. */
                summary: string;
                /**
                 * @description The MITRE ATT&CK technique that it hints at.
                 * @example T1071.001
                 */
                technique?: string | null;
                /**
                 * @description What findings of the detector are headed.
                 * @example Beaconing
                 */
                title: string;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_Id: {
            /** @description What was changed or removed, where that is all there is to say. */
            data: {
                /**
                 * Format: int64
                 * @description Its number.
                 */
                id: number;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_Imported: {
            /** @description What came of an import. */
            data: {
                /** @description Entries the list had not. */
                added: number;
                /** @description Entries the list had. */
                already_there: number;
                /** @description The first 100 bad lines; they were passed over. */
                bad: components["schemas"]["BadLineRow"][];
                /** @description How many lines are bad. */
                bad_count: number;
                /**
                 * @description `plain` or `hosts`.
                 * @example plain
                 */
                format: string;
                /** @description Entries that went; only where the file replaces the list. */
                removed: number;
                /** @description Aliases that have another name now. */
                renamed: number;
                /** @description Entries the list has now. */
                total: number;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_LoggedOut: {
            /** @description What became of a login. */
            data: {
                /** @description Whether there was a login to end: not with a password or an API key. */
                ended: boolean;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_PasswordChanged: {
            /** @description What comes of another password: all logins have ended, and the one the request came with begins anew. */
            data: {
                /** @description Where the request came with an access token: the next one. */
                access_token?: string;
                /** @description Where the request came with a session, whose cookie is set anew: its CSRF token. */
                csrf_token?: string;
                /** @description And its refresh token. */
                refresh_token?: string;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_Reimported: {
            /** @description What became of the lines: `tried` = `stored` + `directives` + all of `still_rejected` + `not_whole`. */
            data: {
                /**
                 * Format: int64
                 * @description Lines that say how those behind them are read, and are rejects no more.
                 */
                directives: number;
                /** @description The format they were read in; null where it was that of each line's source. */
                format?: string | null;
                /**
                 * Format: int64
                 * @description Lines that stay because only their head or shape is kept.
                 */
                not_whole: number;
                /** @description Lines that stay, by what was wrong with them this time. */
                still_rejected: {
                    [key: string]: number;
                };
                /**
                 * Format: int64
                 * @description Lines stored as rows, which are rejects no more.
                 */
                stored: number;
                /**
                 * Format: int64
                 * @description Rejected lines looked at: those asked for that are kept.
                 */
                tried: number;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_Reloaded: {
            /** @description What came of reading config.toml again. */
            data: {
                /**
                 * @description Keys that had changed and are in force now; `waf.rules` and `tls` always, since their files are read again.
                 * @example [
                 *       "source",
                 *       "waf.rules",
                 *       "tls"
                 *     ]
                 */
                applied: string[];
                /**
                 * @description Keys that have changed, but hold only after a restart.
                 * @example [
                 *       "server.listen"
                 *     ]
                 */
                needs_restart: string[];
                /** @description Rules that lines are scored by now. */
                rules: number;
                /** @description Sources that are followed or received now. */
                sources: number;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_RevealRow: {
            /** @description A request to be told what a pseudonym stands for. */
            data: {
                /** @description When it was approved, RFC 3339. */
                approved_at?: string | null;
                /** @description Who approved it. */
                approved_by?: string | null;
                /**
                 * Format: int64
                 * @description Its number.
                 */
                id: number;
                /** @description The pseudonym. */
                pseudonym: string;
                /** @description Why, in the requester's words. */
                reason: string;
                /** @description When, RFC 3339. */
                requested_at: string;
                /** @description Who asks. */
                requested_by: string;
                /**
                 * @description `pending` for a day, `approved` for 15 minutes, then `used` or `expired`.
                 * @example pending
                 */
                status: string;
                /** @description When it was answered, RFC 3339. */
                used_at?: string | null;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_ServiceRow: {
            /** @description A service of the catalogue. */
            data: {
                /**
                 * @description Its category.
                 * @example storage
                 */
                category: string;
                /**
                 * @description Its name.
                 * @example Dropbox
                 */
                name: string;
                /**
                 * @description What its use means where nobody sanctioned it: `low`, `medium`, `high`.
                 * @example medium
                 */
                risk: string;
                /** @description Whether it may be used. */
                sanctioned: boolean;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_TemporaryPassword: {
            /** @description A password that was drawn, shown this once. */
            data: {
                /**
                 * Format: int64
                 * @description The account's number.
                 */
                id: number;
                /** @description To log in with once; it has to be changed then. */
                temporary_password: string;
                /** @description Its name. */
                username: string;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_Toggled: {
            /** @description A category that was switched. */
            data: {
                /** @description Its name. */
                category: string;
                /** @description Whether new rows are scored by its rules. */
                enabled: boolean;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_TotpState: {
            /** @description Whether there is a second factor now. */
            data: {
                /** @description Whether logging in takes a code. */
                totp: boolean;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_UserRow: {
            /** @description An account. */
            data: {
                /** @description Whether it may sign tokens of its own. */
                access_secret: boolean;
                /** @description When it was created. */
                created_at: string;
                /** @description What to call its owner; may be empty. */
                display_name: string;
                /** @description Where to write to its owner; may be empty. */
                email: string;
                /** @description Whether it may come in. */
                enabled: boolean;
                /**
                 * Format: int64
                 * @description Its number; never reused.
                 */
                id: number;
                /** @description When its owner last logged in for a session or tokens. */
                last_login?: string | null;
                /** @description Whether the password has to be changed before anything else. */
                must_change_password: boolean;
                /** @description Whether it may read personal data while masking is on. */
                pii_read: boolean;
                /**
                 * @description `viewer`, `auditor` or `admin`.
                 * @example viewer
                 */
                role: string;
                /**
                 * @description `system`, `light` or `dark`.
                 * @example system
                 */
                theme: string;
                /** @description Whether logging in takes a code, too. */
                totp: boolean;
                /** @description Its name, to log in with. */
                username: string;
            };
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success that says what was done and shows what came of it. */
        Changed_Vec_SettingRow: {
            data: {
                /** @description How many entries the list has; only of lists. */
                count?: number;
                /** @description The value when nobody gave another; null where it is secret. */
                default: unknown;
                /** @description What it does. */
                help: string;
                /**
                 * Format: int64
                 * @description The largest number.
                 */
                max?: number | null;
                /**
                 * Format: int64
                 * @description The smallest number.
                 */
                min?: number | null;
                /** @description The words to choose from; only where there are any. */
                options?: string[];
                /** @description Whether its value is never shown. */
                secret: boolean;
                /**
                 * @description Where it belongs.
                 * @example database
                 */
                section: string;
                /** @description Whether there is a value; only of secrets. */
                set?: boolean;
                /**
                 * @description Its name.
                 * @example log_retention_days
                 */
                setting_name: string;
                /** @description Its value; of a list the first 100 entries, null where it is secret or names clients to a masked reader. */
                setting_value: unknown;
                /** @description Where the value comes from: `default`, `file` (config.toml) or `database`. */
                source: string;
                /**
                 * @description `bool`, `int`, `text`, `choice` or `list`.
                 * @example int
                 */
                type: string;
            }[];
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A check. */
        CheckRow: {
            /** @description What was seen, and where. */
            evidence: components["schemas"]["EvidenceRow"][];
            /**
             * @description Its stable name.
             * @example squid.connect_ports
             */
            id: string;
            /**
             * Format: int32
             * @description The points it is worth.
             */
            max_points: number;
            /**
             * Format: int32
             * @description The points it earned.
             */
            points: number;
            /** @description What to do; null where all points were earned or nothing is known. */
            recommendation?: string | null;
            /** @description `settings`, `squid.conf` or `traffic`. */
            source: string;
            /**
             * @description `passed`, `partial`, `failed`, `contradicted` (what is declared is not what is seen) or `unknown` (nothing to look
             *     at; it doesn't count).
             * @example partial
             */
            status: string;
            /** @description What is so where it passes. */
            title: string;
        };
        /** @description One thing the line was taken for. */
        Classification: {
            /** @description What was looked at. */
            name: string;
            /** @description What it was found to be. */
            value: string;
            /** @description Why. */
            why: string;
        };
        /** @description A client. */
        Client: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked: number;
            /**
             * Format: int64
             * @description Bytes sent to it.
             */
            bytes: number;
            /** @description What the setting `client_aliases` calls it; null for those who may not see its address. */
            client_name?: string | null;
            /** @description Its address. */
            ip_address: string;
            /** @description Its last request in the window, `YYYY-MM-DD HH:MM:SS` in UTC. */
            last_seen?: string | null;
            /**
             * Format: int32
             * @description The highest score of a request; null where no rule matched any.
             */
            max_score?: number | null;
            /**
             * Format: int64
             * @description Its requests.
             */
            requests: number;
            /**
             * @description `Active` where that is at most 15 minutes ago, counted from the start of the minute; else `Idle`.
             * @example Active
             */
            status: string;
        };
        /** @description A client's requests. */
        ClientCount: {
            /** @description What the setting `client_aliases` calls it; null for those who may not see its address. */
            client_name?: string | null;
            /**
             * Format: int64
             * @description Requests.
             */
            count: number;
            /** @description Its address. */
            ip: string;
        };
        /** @description Where a client went. */
        ClientDestination: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked: number;
            /** @description `host:port`. */
            destination: string;
            /**
             * Format: int64
             * @description Its requests there.
             */
            requests: number;
        };
        /** @description A client with everything that is known of it. */
        ClientDetails: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked: number;
            /**
             * Format: int64
             * @description Bytes sent to it, in the whole store.
             */
            bytes: number;
            /** @description What the setting `client_aliases` calls it; null for those who may not see its address. */
            client_name?: string | null;
            /** @description Its first request in the store, `YYYY-MM-DD HH:MM:SS` in UTC. */
            first_seen?: string | null;
            /** @description Its address. */
            ip_address: string;
            /** @description Its last request in the store. */
            last_seen?: string | null;
            /** @description Its newest requests in the window. */
            recent: components["schemas"]["ClientRequest"][];
            /** @description Its highest score in each bucket of the timeline in which it has requests that were scored. */
            score_history: components["schemas"]["ClientScore"][];
            /** @description The services it used most in the window. */
            services: components["schemas"]["ClientService"][];
            /**
             * @description Its requests per bucket of the part of the window it was seen in, gaps filled with zeros: five minutes wide up to
             *     three hours, an hour up to fourteen days, then a day.
             */
            timeline: components["schemas"]["Bucket"][];
            /** @description Where it went most in the window. */
            top_domains: components["schemas"]["ClientDestination"][];
            /**
             * Format: int64
             * @description Its requests, in the whole store.
             */
            total_requests: number;
        };
        /** @description A request of a client. */
        ClientRequest: {
            /**
             * Format: int64
             * @description Bytes sent to it.
             */
            bytes: number;
            /** @description `host:port`. */
            destination: string;
            /** @description Method. */
            method?: string | null;
            /** @description Code and result code. */
            status: string;
            /** @description When it was completed, `YYYY-MM-DD HH:MM:SS` in UTC. */
            timestamp: string;
        };
        /** @description A client's score at some time. */
        ClientScore: {
            /**
             * Format: int32
             * @description The score.
             */
            score: number;
            /** @description When. */
            time: string;
        };
        /** @description A service that a client used. */
        ClientService: {
            /**
             * Format: int64
             * @description Bytes sent to the client.
             */
            bytes: number;
            /** @description Its category. */
            category?: string | null;
            /** @description Its name. */
            name: string;
            /**
             * Format: int64
             * @description Requests to it.
             */
            requests: number;
            /** @description Whether it may be used. */
            sanctioned: boolean;
        };
        /** @description The clients of a window. */
        ClientStatistics: {
            /** @description Those with most requests, or with the highest scores. */
            clients: components["schemas"]["Client"][];
            /**
             * Format: int64
             * @description How many there are.
             */
            total_clients: number;
        };
        /** @description How each part is doing. */
        Components: {
            /** @description Both databases: whether they can be read, and have room to grow. */
            database: components["schemas"]["Condition"];
            /** @description Whatever says what lines are. */
            detectors: components["schemas"]["Condition"];
            /** @description Whatever brings lines. */
            receivers: components["schemas"]["Condition"];
        };
        /**
         * @description How a part is doing.
         * @enum {string}
         */
        Condition: "ok" | "degraded" | "down";
        /** @description A value on its way to a rule. */
        DecodedStep: {
            /**
             * @description What made it; null of the value as it was sent.
             * @example urlDecodeUni
             */
            transformation?: string | null;
            /** @description The value. */
            value: string;
        };
        /** @description How many rows went. */
        Deleted: {
            /** Format: int64 */
            deleted: number;
        };
        /** @description A package this binary is made of. */
        Dependency: {
            /**
             * @description Its licence, as its manifest names it (SPDX); null where the build could not find it out.
             * @example MIT
             */
            license?: string | null;
            /**
             * @description Its name.
             * @example rusqlite
             */
            name: string;
            /**
             * @description Its version.
             * @example 0.40.0
             */
            version: string;
        };
        /** @description A success with data, and what is worth knowing about it. */
        Described_Vec_BlockedRow_LimitsMeta: components["schemas"]["Success_Vec"] & {
            /** @description The limits in force. */
            meta: {
                /**
                 * Format: int64
                 * @description Requests a second in the long run; ten times as many for sessions.
                 */
                burst_rate: number;
                /**
                 * Format: int64
                 * @description Requests at once; ten times as many for sessions.
                 */
                burst_size: number;
                /**
                 * Format: int64
                 * @description Requests a minute for coverage.
                 */
                coverage_per_minute: number;
                /**
                 * Format: int64
                 * @description Requests a minute for details.
                 */
                detail_per_minute: number;
                /** @description Whether requests are limited. */
                enabled: boolean;
                /**
                 * Format: int64
                 * @description Requests a minute for what is expensive.
                 */
                expensive_per_minute: number;
                /**
                 * Format: int64
                 * @description Requests to ingest an hour, for each API key.
                 */
                ingest_per_hour: number;
                /**
                 * Format: int64
                 * @description Requests a minute for lists.
                 */
                list_per_minute: number;
                /** @description Peers turned away of late; `data` has the first 1,000 of them. */
                listed: number;
                /**
                 * Format: int64
                 * @description Queries an hour, for each API key.
                 */
                query_per_hour: number;
                /** @description Callers whose requests are counted at present. */
                tracked: number;
            };
        };
        /** @description What a certificate says. */
        Description: {
            /**
             * Format: int64
             * @description Whole days until it ends; negative once it has.
             */
            days_left: number;
            /** @description SHA-256 over the certificate, as `openssl x509 -fingerprint -sha256` prints it. */
            fingerprint_sha256: string;
            /** @description Who issued it. */
            issuer: string;
            /** @description Valid until, RFC 3339. */
            not_after: string;
            /** @description Valid from, RFC 3339. */
            not_before: string;
            /** @description The host names and addresses it is for. */
            sans: string[];
            /**
             * @description Whose it is, as a distinguished name.
             * @example CN=proxy.example
             */
            subject: string;
        };
        /** @description Open findings of a detector. */
        DetectorCount: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /** @description Its name. */
            detector: string;
            /** @description What its findings are headed. */
            title: string;
        };
        /** @description What looks for something that clients do over time. */
        DetectorRow: {
            /** @description Whether it looks: it is not among `findings_disabled`. */
            enabled: boolean;
            /**
             * Format: int64
             * @description Its open findings.
             */
            findings: number;
            /** @description What it looks for, in one sentence. */
            help: string;
            /**
             * @description Its name.
             * @example beacon
             */
            name: string;
            /** @description Why it sees nothing. */
            reason?: string | null;
            /** @description The settings that say from where on something counts. */
            settings: string[];
            /**
             * @description How bad its findings are.
             * @example Warning
             */
            severity: string;
            /**
             * @description `ok`, `no_data` where the log has not what it needs, `waiting` where nobody has looked yet.
             * @example ok
             */
            state: string;
            /**
             * @description The MITRE ATT&CK technique that its findings hint at.
             * @example T1071.001
             */
            technique: string;
            /** @description What its findings are headed. */
            title: string;
        };
        /** @description A client that asked for a domain. */
        DomainClient: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked: number;
            /**
             * Format: int64
             * @description Bytes sent to it.
             */
            bytes: number;
            /** @description What the setting `client_aliases` calls it; null for those who may not see its address. */
            client_name?: string | null;
            /** @description Its address. */
            ip_address: string;
            /**
             * Format: int64
             * @description Its requests.
             */
            requests: number;
        };
        /** @description Requests to a domain. */
        DomainCount: {
            /**
             * Format: int64
             * @description Requests to it.
             */
            count: number;
            /** @description The registrable domain. */
            domain: string;
        };
        /** @description A domain with everything that is known of it. */
        DomainDetails: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked: number;
            /**
             * Format: int64
             * @description Bytes sent to clients.
             */
            bytes: number;
            /** @description The category of the service it belongs to; null where that is not known. */
            category?: string | null;
            /** @description The clients with most requests to it. */
            clients: components["schemas"]["DomainClient"][];
            /** @description Whether it looks as if a program had made it up. */
            dga: boolean;
            /** @description Its name: a registrable domain, a name below or above one, or an address. */
            domain_name: string;
            /** @description Its first request in the store, `YYYY-MM-DD HH:MM:SS` in UTC. */
            first_seen?: string | null;
            /** @description The hosts with most requests. */
            hosts: components["schemas"]["DomainHost"][];
            /** @description Its last request in the store. */
            last_seen?: string | null;
            /** @description The protected name it imitates. */
            look_alike_of?: string | null;
            /**
             * Format: int64
             * @description Requests to it, in the window.
             */
            requests: number;
            /** @description The rules that matched requests to it most. */
            rules: components["schemas"]["DomainRule"][];
            /**
             * @description Its requests per bucket of the part of the window it was seen in, gaps filled with zeros: five minutes wide up to
             *     three hours, an hour up to fourteen days, then a day.
             */
            timeline: components["schemas"]["Bucket"][];
        };
        /** @description A host of a domain. */
        DomainHost: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked: number;
            /** @description `host:port`. */
            destination: string;
            /**
             * Format: int64
             * @description Requests to it.
             */
            requests: number;
        };
        /** @description A registrable domain; an IP literal stands for itself. */
        DomainRow: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked: number;
            /**
             * Format: int64
             * @description Bytes sent to clients.
             */
            bytes: number;
            /** @description The category of the service it belongs to; null where that is not known. */
            category?: string | null;
            /**
             * Format: int64
             * @description Clients that asked for it.
             */
            clients: number;
            /** @description Whether it looks as if a program had made it up. */
            dga: boolean;
            /** @description Its name. */
            domain_name: string;
            /** @description The hour it was first seen in, where that lies in the window; null where it was seen before. */
            first_seen?: string | null;
            /** @description The protected name it imitates. */
            look_alike_of?: string | null;
            /**
             * Format: int64
             * @description Requests to it.
             */
            requests: number;
            /**
             * @description `Allowed` where nothing was blocked, `Blocked` where everything was, else `Mixed`.
             * @example Mixed
             */
            status: string;
        };
        /** @description A rule that matched requests to a domain. */
        DomainRule: {
            /**
             * Format: int64
             * @description Requests that it matched.
             */
            count: number;
            /**
             * Format: int32
             * @description Its id.
             */
            id: number;
            /** @description What it says; empty where it is not there any more. */
            message: string;
        };
        /** @description A success that says what was done and to how many rows. */
        Done: {
            /** @description The same once more. */
            data: components["schemas"]["Deleted"];
            /**
             * Format: int64
             * @description How many rows went.
             */
            deleted: number;
            /**
             * @description What was done.
             * @example Cleared old logs
             */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description What is in force. */
        Effective: {
            /** @description What is fixed at start, table by table as in config.toml, with defaults filled in. */
            config: unknown;
            /** @description What can be changed while the server runs, by name. */
            settings: {
                [key: string]: components["schemas"]["EffectiveSetting"];
            };
        };
        /** @description A setting's value. */
        EffectiveSetting: {
            /** @description Where it comes from: `default`, `file` or `database`. */
            source: string;
            /** @description The value; of a list the first 100 entries, null where it is secret or names clients to a masked reader. */
            value: unknown;
        };
        /** @description An entry of a list. */
        EntryRow: {
            /**
             * @description An address, a network or a host.
             * @example 10.1.0.0/16
             */
            entry: string;
            /** @description What it is called; null in lists without names. */
            name?: string | null;
        };
        /** @description Names a person to be erased. */
        EraseBody: {
            /** @description The person's client address, or its pseudonym. */
            client?: string | null;
            /** @description Why; goes into the audit log and must not name the person. */
            reason: string;
            /** @description The person's user name, or its pseudonym; not beside `client`. */
            user?: string | null;
        };
        /** @description What was erased, and what a search for the person found afterwards. */
        Erasure: {
            /**
             * Format: int64
             * @description Rows that are gone from archives; many of them are copies of rows that were in the store.
             */
            archived_rows: number;
            /** @description The archives that were written anew. */
            archives: string[];
            /** @description Whether the search found the person nowhere. */
            clean: boolean;
            /** @description In which files of the data directory the search found the person. */
            files: components["schemas"]["Found"][];
            /** @description What an erasure leaves, and why. */
            kept: string[];
            /**
             * @description `client` or `user`.
             * @example client
             */
            kind: string;
            /** @description The pseudonym the erasure is on record under. */
            pseudonym: string;
            /**
             * Format: int64
             * @description Rejected lines that named the person, and are gone.
             */
            rejects: number;
            /**
             * Format: int64
             * @description Rows that are gone.
             */
            rows: number;
            /** @description Archives that could not be searched: damaged, or with pseudonyms of a key that is gone. */
            unreadable_archives: string[];
            /**
             * Format: int64
             * @description Damaged blocks that could not be read; they appear in no answer.
             */
            unreadable_blocks: number;
            /** @description Where the search found the person in stored values of other rows. */
            values: components["schemas"]["Found"][];
        };
        /** @description The envelope of every failure. */
        Error: {
            /**
             * @description What kind of failure, one word.
             * @example invalid
             */
            code: string;
            /** @description What is wrong. */
            detail: string;
            /** @description What is wrong with which field. */
            errors: {
                [key: string]: string[];
            };
            /** @description The same as `detail`. */
            message: string;
            /** @description The request's number, as in `X-Request-Id` and in the server's log. */
            request_id: string;
            /**
             * @description Always `error`.
             * @example error
             */
            status: string;
            /**
             * @description Always false.
             * @example false
             */
            success: boolean;
        };
        /** @description One thing that was seen. */
        EvidenceRow: {
            /**
             * Format: int64
             * @description How many rows show it.
             */
            count?: number | null;
            /** @description The file of the line that shows it. */
            file?: string | null;
            /** @description The question that lists them, where there is one. */
            href?: string | null;
            /** @description The line, from 1 on. */
            line?: number | null;
            /** @description The newest of those rows, at most five. */
            rows?: number[] | null;
            /** @description The setting that says it. */
            setting?: string | null;
            /** @description What. */
            text: string;
            /** @description The setting's value. */
            value?: unknown;
        };
        /** @description Requests for an extension. */
        ExtensionCount: {
            /**
             * Format: int64
             * @description Bytes sent to clients.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Requests.
             */
            count: number;
            /**
             * @description The extension, with its dot.
             * @example .js
             */
            ext: string;
        };
        /** @description Kinds of file. */
        FileTypes: {
            /** @description By category: of the extension, else of the MIME type; what has neither is left out. */
            categories: components["schemas"]["CategoryCount"][];
            /** @description By extension; paths without one are left out. */
            extensions: components["schemas"]["ExtensionCount"][];
        };
        /** @description The body that says what came of looking into a finding. */
        FindingBody: {
            /** @description Why, for others: at most 500 characters on one line. Everybody who may read findings sees it, so no names in it. */
            note?: string | null;
            /**
             * @description `open`, or `dismissed`: it stays so while it goes on; as it is where this is not given.
             * @example dismissed
             */
            status?: string | null;
        };
        /** @description A finding with the rows that show it. */
        FindingDetail: components["schemas"]["FindingRow"] & {
            /**
             * @description Its first requests and its last, at most twenty; fewer where retention or an erasure took some, none for those who
             *     may not read the log.
             */
            evidence: components["schemas"]["LogRow"][];
            /** @description What somebody said of it. */
            note?: string | null;
            /** @description What to do about it. */
            recommendation: string;
        };
        /** @description Something that a client did over time. */
        FindingRow: {
            /** @description The client that did it. */
            client_ip?: string | null;
            /** @description Where: `host:port`, a domain or the name of a service; null where it is no one place. */
            destination?: string | null;
            /**
             * @description The name of what detected it: `beacon`.
             * @example beacon
             */
            detector: string;
            /** @description The first of its requests. */
            first_seen: string;
            /** @description When it was found first. */
            found_at: string;
            /**
             * Format: int64
             * @description Its number; rises, never reused.
             */
            id: number;
            /** @description The last of its requests. */
            last_seen: string;
            /** @description The question that lists its requests. */
            logs: string;
            /** @description What was measured, by name: `period_seconds`, `jitter_pct`, `megabytes`. */
            measures: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Requests that it rests on.
             */
            requests: number;
            /**
             * @description How bad it is.
             * @example Warning
             */
            severity: string;
            /**
             * @description `open` or `dismissed`.
             * @example open
             */
            status: string;
            /** @description Why it is one, in one sentence. */
            summary: string;
            /**
             * @description The MITRE ATT&CK technique that it hints at.
             * @example T1071.001
             */
            technique?: string | null;
            /**
             * @description What findings of the detector are headed.
             * @example Beaconing
             */
            title: string;
        };
        /** @description Findings nobody has looked into yet. */
        FindingsCount: {
            /** @description How many by detector; those without any are left out. */
            by_detector: components["schemas"]["DetectorCount"][];
            /**
             * Format: int64
             * @description How many.
             */
            open: number;
        };
        /** @description A success with data whose fields stand at the top level too. */
        Flat_RetentionPreview: {
            /**
             * Format: int64
             * @description Rows that would go.
             */
            delete_count: number;
            /**
             * Format: int64
             * @description Rows there are.
             */
            total_count: number;
        } & components["schemas"]["Success_RetentionPreview"];
        /** @description A success with data whose fields stand at the top level too. */
        Flat_ServerStats: {
            /**
             * Format: int64
             * @description Lines left out for being the same as others: always 0, as equal lines are requests of their own. A content that
             *     was read already is known by its fingerprint, and not read again.
             */
            dedup_count: number;
            /** @description The machines of their logs, most rows first, at most 1000. */
            hosts: string[];
            /**
             * Format: double
             * @description Lines stored a second, of late.
             */
            lines_per_second: number;
            /**
             * Format: int64
             * @description Lines ever taken in: rows stored, those removed since too, and lines rejected.
             */
            lines_total: number;
            /** @description What was learned from data. */
            models: components["schemas"]["Model"][];
            /**
             * Format: int64
             * @description Lines received that are not stored yet. Files are read as they are stored, so theirs have no queue:
             *     `/api/sources` tells how far behind they are.
             */
            queue_depth: number;
            /** @description The same rows by severity: `Emergency` to `Debug`. */
            severity_counts: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Rows: of the whole store, or of the window asked for.
             */
            total: number;
        } & components["schemas"]["Success_ServerStats"];
        /** @description A success with data whose fields stand at the top level too. */
        Flat_UpdateState: {
            /**
             * Format: date-time
             * @description When that was found out.
             */
            checked_at?: string | null;
            /**
             * @description What runs.
             * @example 0.1.0
             */
            current_version: string;
            /** @description Where it is to be had. */
            download_url?: string | null;
            /** @description The newest release; null where nobody was asked, or nobody answered. */
            latest_version?: string | null;
            /** @description What is new in it. */
            release_notes?: string | null;
            /** @description Whether there is. */
            update_available: boolean;
        } & components["schemas"]["Success_UpdateState"];
        /** @description How often a search found a person somewhere. */
        Found: {
            /**
             * Format: int64
             * @description By itself.
             */
            alone: number;
            /**
             * Format: int64
             * @description As part of a longer word or number, mostly somebody else's.
             */
            inside: number;
            /**
             * @description Where: the sort of value, or the file.
             * @example target
             */
            place: string;
        };
        /** @description What to generate. */
        GenerateBody: {
            /**
             * Format: int32
             * @description Days it is valid; 825 unless given.
             */
            days?: number | null;
            /** @description Host names and addresses it is for; `localhost`, `127.0.0.1` and `::1` unless given. */
            hosts?: string[];
            /** @description What it is for: `https` unless given, or `syslog`. */
            type?: string | null;
        };
        /** @description How the server is doing. */
        Health: {
            /** @description The parts. */
            components: components["schemas"]["Components"];
            /**
             * Format: double
             * @description Lines stored a second, of late.
             */
            ingestion_rps: number;
            /** @description What is wrong; for those who said who they are. */
            reasons?: string[] | null;
            /** @description The sources; for those who said who they are. */
            sources?: components["schemas"]["Receiver"][] | null;
            /**
             * @description `healthy`, or `degraded` with HTTP status 503.
             * @example healthy
             */
            status: string;
            /**
             * Format: int64
             * @description Seconds since the start.
             */
            uptime_seconds: number;
            /** @description Tidegate's version. */
            version: string;
            /** @description Threads that parse and store. */
            workers: number;
        };
        /** @description Rows of a machine's log. */
        HostCount: {
            /**
             * Format: int64
             * @description Rows.
             */
            count: number;
            /** @description The machine. */
            host: string;
        };
        /** @description What was changed or removed, where that is all there is to say. */
        Id: {
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
        };
        /** @description What came of an import. */
        Imported: {
            /** @description Entries the list had not. */
            added: number;
            /** @description Entries the list had. */
            already_there: number;
            /** @description The first 100 bad lines; they were passed over. */
            bad: components["schemas"]["BadLineRow"][];
            /** @description How many lines are bad. */
            bad_count: number;
            /**
             * @description `plain` or `hosts`.
             * @example plain
             */
            format: string;
            /** @description Entries that went; only where the file replaces the list. */
            removed: number;
            /** @description Aliases that have another name now. */
            renamed: number;
            /** @description Entries the list has now. */
            total: number;
        };
        /** @description How the store is fed. */
        IngestRow: {
            /**
             * Format: double
             * @description How long the oldest line has waited to be stored, in seconds, as far as that is known.
             */
            lag_seconds: number;
            /** @description When rows were last stored, `YYYY-MM-DD HH:MM:SS` in UTC. */
            last_import?: string | null;
            /**
             * Format: double
             * @description Lines stored a second, of late.
             */
            lines_per_second: number;
        };
        /** @description A job. */
        JobInfo: {
            /** @description What it does. */
            help: string;
            last_run?: components["schemas"]["JobRow"] | null;
            /** @description When its newest run that was done ended, RFC 3339. */
            last_success?: string | null;
            /**
             * @description Its name.
             * @example retention.rows
             */
            name: string;
            /** @description When it runs next by itself, RFC 3339. */
            next_run?: string | null;
            /** @description Whether it runs now. */
            running: boolean;
            /**
             * @description When it runs by itself: a cron pattern of six fields in UTC; null for only when asked.
             * @example 0 17 3 * * *
             */
            schedule?: string | null;
            /** @description The setting that holds the schedule; null for a job that can't have one. */
            schedule_setting?: string | null;
        };
        /** @description How far a run is; 0 of 0 before that is known. */
        JobProgress: {
            /**
             * Format: int64
             * @description How much is done.
             */
            done: number;
            /**
             * Format: int64
             * @description Of how much.
             */
            total: number;
        };
        /** @description A run of a job. */
        JobRow: {
            /**
             * Format: int64
             * @description How long it took, in milliseconds.
             */
            duration_ms?: number | null;
            /** @description Why it failed. */
            error?: string | null;
            /** @description When it ended. */
            finished?: string | null;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /**
             * @description The job.
             * @example waf.rescore
             */
            name: string;
            /**
             * @description `running`, `done`, `failed`, or `interrupted` where the process ended first.
             * @example done
             */
            outcome: string;
            progress?: components["schemas"]["JobProgress"] | null;
            /** @description What came of it. */
            result?: unknown;
            /** @description When it began, RFC 3339. */
            started: string;
            /** @description Who had it run: an account's name, or `schedule`. */
            started_by: string;
        };
        /** @description Requests of something. */
        KeyCount: {
            /**
             * Format: int64
             * @description Requests.
             */
            count: number;
            /** @description Its name. */
            key: string;
        };
        /** @description How things stand with the licence: always well. */
        LicenseStatus: {
            /**
             * Format: int64
             * @description Always null: it never ends.
             */
            days_left?: number | null;
            /** @description What this binary is made of, by name. */
            dependencies: components["schemas"]["Dependency"][];
            /** @description Always null: nothing is ever validated. */
            last_validated?: string | null;
            /**
             * @description The licence (SPDX).
             * @example MIT
             */
            license: string;
            /** @description Always true. */
            licensed: boolean;
            /** @description What that means. */
            message: string;
            /** @description Always false. */
            needs_recheck: boolean;
            /**
             * @description Always `active`.
             * @example active
             */
            status: string;
        };
        /** @description The limits in force. */
        LimitsMeta: {
            /**
             * Format: int64
             * @description Requests a second in the long run; ten times as many for sessions.
             */
            burst_rate: number;
            /**
             * Format: int64
             * @description Requests at once; ten times as many for sessions.
             */
            burst_size: number;
            /**
             * Format: int64
             * @description Requests a minute for coverage.
             */
            coverage_per_minute: number;
            /**
             * Format: int64
             * @description Requests a minute for details.
             */
            detail_per_minute: number;
            /** @description Whether requests are limited. */
            enabled: boolean;
            /**
             * Format: int64
             * @description Requests a minute for what is expensive.
             */
            expensive_per_minute: number;
            /**
             * Format: int64
             * @description Requests to ingest an hour, for each API key.
             */
            ingest_per_hour: number;
            /**
             * Format: int64
             * @description Requests a minute for lists.
             */
            list_per_minute: number;
            /** @description Peers turned away of late; `data` has the first 1,000 of them. */
            listed: number;
            /**
             * Format: int64
             * @description Queries an hour, for each API key.
             */
            query_per_hour: number;
            /** @description Callers whose requests are counted at present. */
            tracked: number;
        };
        /** @description A list. */
        ListRow: {
            /** @description How many entries it has. */
            count: number;
            /** @description What it does. */
            help: string;
            /** @description How many it may have. */
            max_count: number;
            /**
             * @description Its name, which is its setting's.
             * @example ignored_hosts
             */
            name: string;
            /** @description Where it comes from: `default`, `file` (config.toml) or `database`. */
            source: string;
        };
        /** @description A page of a list. */
        Listing_ApiKeyRow: {
            /** @description The rows of the page. */
            data: {
                /** @description When it was made. */
                created_at: string;
                /** @description Whether it has ended. */
                expired: boolean;
                /** @description When it ends. */
                expires_at?: string | null;
                /**
                 * Format: int64
                 * @description Its number; never reused.
                 */
                id: number;
                /** @description When it was last used, to the minute. */
                last_used?: string | null;
                /** @description What it is for. */
                name: string;
                /**
                 * @description How it begins.
                 * @example tg_live_Zk3b9a
                 */
                prefix: string;
                /** @description What it may do, as far as its owner may. */
                scopes: string[];
                /** @description The log sources it is restricted to; null for all. */
                sources?: string[] | null;
            }[];
            /** @description How many rows a page has at most. */
            limit: number;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many rows were skipped.
             */
            offset: number;
            /**
             * Format: int64
             * @description The page's number; only where pages were asked for.
             */
            page?: number;
            /**
             * Format: int64
             * @description Rows of a page; only where pages were asked for.
             */
            page_size?: number;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * Format: int64
             * @description How many rows match in all, exactly.
             */
            total: number;
            /**
             * Format: int64
             * @description How many pages there are; only where pages were asked for.
             */
            total_pages?: number;
        };
        /** @description A page of a list. */
        Listing_AuditEntryRow: {
            /** @description The rows of the page. */
            data: {
                /**
                 * @description The action, `noun.verb`.
                 * @example logs.clear
                 */
                action: string;
                /** @description What it was let in by: `password`, `API key 3`; null for the machine itself. */
                credential?: string | null;
                /** @description How that was before and after. */
                details: components["schemas"]["AuditDetails"];
                /**
                 * @description SHA-256 of this entry and all before it, in hexadecimal. Note it elsewhere to find out later whether the whole
                 *     log was put back to an older state.
                 */
                hash: string;
                /**
                 * Format: int64
                 * @description Its number; rises, never reused.
                 */
                id: number;
                /** @description The HTTP method, or the command. */
                method: string;
                /** @description The request, as in the server's log. */
                request_id?: string | null;
                /** @description From where; null for the machine itself. */
                source_ip?: string | null;
                /**
                 * @description How far it got: `done`, `failed`, `intent` while it is under way, `interrupted` where its end is unknown.
                 * @example done
                 */
                state: string;
                /** @description What it was done to. */
                target: string;
                /** @description When it began, `YYYY-MM-DD HH:MM:SS` in UTC. */
                timestamp: string;
                /** @description Who did it. */
                username: string;
            }[];
            /** @description How many rows a page has at most. */
            limit: number;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many rows were skipped.
             */
            offset: number;
            /**
             * Format: int64
             * @description The page's number; only where pages were asked for.
             */
            page?: number;
            /**
             * Format: int64
             * @description Rows of a page; only where pages were asked for.
             */
            page_size?: number;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * Format: int64
             * @description How many rows match in all, exactly.
             */
            total: number;
            /**
             * Format: int64
             * @description How many pages there are; only where pages were asked for.
             */
            total_pages?: number;
        };
        /** @description A page of a list. */
        Listing_EntryRow: {
            /** @description The rows of the page. */
            data: {
                /**
                 * @description An address, a network or a host.
                 * @example 10.1.0.0/16
                 */
                entry: string;
                /** @description What it is called; null in lists without names. */
                name?: string | null;
            }[];
            /** @description How many rows a page has at most. */
            limit: number;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many rows were skipped.
             */
            offset: number;
            /**
             * Format: int64
             * @description The page's number; only where pages were asked for.
             */
            page?: number;
            /**
             * Format: int64
             * @description Rows of a page; only where pages were asked for.
             */
            page_size?: number;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * Format: int64
             * @description How many rows match in all, exactly.
             */
            total: number;
            /**
             * Format: int64
             * @description How many pages there are; only where pages were asked for.
             */
            total_pages?: number;
        };
        /** @description A page of a list. */
        Listing_FindingRow: {
            /** @description The rows of the page. */
            data: {
                /** @description The client that did it. */
                client_ip?: string | null;
                /** @description Where: `host:port`, a domain or the name of a service; null where it is no one place. */
                destination?: string | null;
                /**
                 * @description The name of what detected it: `beacon`.
                 * @example beacon
                 */
                detector: string;
                /** @description The first of its requests. */
                first_seen: string;
                /** @description When it was found first. */
                found_at: string;
                /**
                 * Format: int64
                 * @description Its number; rises, never reused.
                 */
                id: number;
                /** @description The last of its requests. */
                last_seen: string;
                /** @description The question that lists its requests. */
                logs: string;
                /** @description What was measured, by name: `period_seconds`, `jitter_pct`, `megabytes`. */
                measures: {
                    [key: string]: number;
                };
                /**
                 * Format: int64
                 * @description Requests that it rests on.
                 */
                requests: number;
                /**
                 * @description How bad it is.
                 * @example Warning
                 */
                severity: string;
                /**
                 * @description `open` or `dismissed`.
                 * @example open
                 */
                status: string;
                /** @description Why it is one, in one sentence. */
                summary: string;
                /**
                 * @description The MITRE ATT&CK technique that it hints at.
                 * @example T1071.001
                 */
                technique?: string | null;
                /**
                 * @description What findings of the detector are headed.
                 * @example Beaconing
                 */
                title: string;
            }[];
            /** @description How many rows a page has at most. */
            limit: number;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many rows were skipped.
             */
            offset: number;
            /**
             * Format: int64
             * @description The page's number; only where pages were asked for.
             */
            page?: number;
            /**
             * Format: int64
             * @description Rows of a page; only where pages were asked for.
             */
            page_size?: number;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * Format: int64
             * @description How many rows match in all, exactly.
             */
            total: number;
            /**
             * Format: int64
             * @description How many pages there are; only where pages were asked for.
             */
            total_pages?: number;
        };
        /** @description A page of a list. */
        Listing_JobRow: {
            /** @description The rows of the page. */
            data: {
                /**
                 * Format: int64
                 * @description How long it took, in milliseconds.
                 */
                duration_ms?: number | null;
                /** @description Why it failed. */
                error?: string | null;
                /** @description When it ended. */
                finished?: string | null;
                /**
                 * Format: int64
                 * @description Its number.
                 */
                id: number;
                /**
                 * @description The job.
                 * @example waf.rescore
                 */
                name: string;
                /**
                 * @description `running`, `done`, `failed`, or `interrupted` where the process ended first.
                 * @example done
                 */
                outcome: string;
                progress?: components["schemas"]["JobProgress"] | null;
                /** @description What came of it. */
                result?: unknown;
                /** @description When it began, RFC 3339. */
                started: string;
                /** @description Who had it run: an account's name, or `schedule`. */
                started_by: string;
            }[];
            /** @description How many rows a page has at most. */
            limit: number;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many rows were skipped.
             */
            offset: number;
            /**
             * Format: int64
             * @description The page's number; only where pages were asked for.
             */
            page?: number;
            /**
             * Format: int64
             * @description Rows of a page; only where pages were asked for.
             */
            page_size?: number;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * Format: int64
             * @description How many rows match in all, exactly.
             */
            total: number;
            /**
             * Format: int64
             * @description How many pages there are; only where pages were asked for.
             */
            total_pages?: number;
        };
        /** @description A page of a list. */
        Listing_LogRow: {
            /** @description The rows of the page. */
            data: {
                /**
                 * Format: int64
                 * @description Bytes sent to the client.
                 */
                bytes: number;
                /** @description Client address. */
                client_ip?: string | null;
                /** @description What the setting `client_aliases` calls the client; null for those who may not see its address. */
                client_name?: string | null;
                /** @description `host:port`, `-` where the line names no target. */
                destination: string;
                /**
                 * Format: int64
                 * @description How long it took, in milliseconds.
                 */
                elapsed_ms: number;
                /** @description Squid's hierarchy code. */
                hierarchy?: string | null;
                /** @description The machine whose log the line came from. */
                host: string;
                /**
                 * Format: int64
                 * @description The row's number; rises, never reused.
                 */
                id: number;
                /** @description `METHOD URL STATUS`. */
                message: string;
                /** @description Request method. */
                method?: string | null;
                /** @description MIME type of the reply. */
                mime?: string | null;
                /**
                 * @description What became of the request.
                 * @example denied
                 */
                outcome: string;
                /** @description Referer header, where the log has it. */
                referer?: string | null;
                /** @description The log's result code. */
                result?: string | null;
                /**
                 * @description How bad it is.
                 * @example Warning
                 */
                severity: string;
                /** @description The name of the source. */
                source: string;
                /** @description Code and result code: `200 TCP_TUNNEL`. */
                status: string;
                /**
                 * Format: int32
                 * @description Status code, 0 where no reply was sent.
                 */
                status_code: number;
                /**
                 * @description What is to be noted: `blocked`, `ip_literal`, `private_destination`, `ignored` (by the
                 *     setting `ignored_hosts`; such rows are stored and counted like others), `shadow_it`,
                 *     `unusual_port`, `dga`, `look_alike`, `double_extension`, `mime_mismatch`, `high_entropy`, `flagged`.
                 */
                tags: string[];
                /** @description When the request was completed, `YYYY-MM-DD HH:MM:SS` in UTC. */
                timestamp: string;
                /** @description The whole request target. */
                url: string;
                /** @description User name. */
                user?: string | null;
                /** @description User-Agent header, where the log has it. */
                user_agent?: string | null;
                /** @description What the rules say. */
                waf: components["schemas"]["WafVerdict"];
            }[];
            /** @description How many rows a page has at most. */
            limit: number;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many rows were skipped.
             */
            offset: number;
            /**
             * Format: int64
             * @description The page's number; only where pages were asked for.
             */
            page?: number;
            /**
             * Format: int64
             * @description Rows of a page; only where pages were asked for.
             */
            page_size?: number;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * Format: int64
             * @description How many rows match in all, exactly.
             */
            total: number;
            /**
             * Format: int64
             * @description How many pages there are; only where pages were asked for.
             */
            total_pages?: number;
        };
        /** @description A page of a list. */
        Listing_RejectRow: {
            /** @description The rows of the page. */
            data: {
                /**
                 * @description The format that it is not in.
                 * @example squid
                 */
                format: string;
                /** @description The machine whose log it is. */
                host: string;
                /**
                 * Format: int64
                 * @description Its number; rises in the order in which lines were stored.
                 */
                id: number;
                /** @description Whether `line` is only the shape. */
                is_shape: boolean;
                /**
                 * @description What is kept of it: the `whole` line, its `head` or its `shape`. Only whole lines can be read again.
                 * @example whole
                 */
                kept: string;
                /** @description The line; while personal data is masked only its shape: digits as 9, letters as a and A. */
                line: string;
                /**
                 * Format: int64
                 * @description Where it begins in its content, in bytes.
                 */
                offset: number;
                /**
                 * @description Why it was rejected.
                 * @example bad_time
                 */
                reason: string;
                /** @description The name of its source. */
                source: string;
            }[];
            /** @description How many rows a page has at most. */
            limit: number;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many rows were skipped.
             */
            offset: number;
            /**
             * Format: int64
             * @description The page's number; only where pages were asked for.
             */
            page?: number;
            /**
             * Format: int64
             * @description Rows of a page; only where pages were asked for.
             */
            page_size?: number;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * Format: int64
             * @description How many rows match in all, exactly.
             */
            total: number;
            /**
             * Format: int64
             * @description How many pages there are; only where pages were asked for.
             */
            total_pages?: number;
        };
        /** @description A page of a list. */
        Listing_RevealRow: {
            /** @description The rows of the page. */
            data: {
                /** @description When it was approved, RFC 3339. */
                approved_at?: string | null;
                /** @description Who approved it. */
                approved_by?: string | null;
                /**
                 * Format: int64
                 * @description Its number.
                 */
                id: number;
                /** @description The pseudonym. */
                pseudonym: string;
                /** @description Why, in the requester's words. */
                reason: string;
                /** @description When, RFC 3339. */
                requested_at: string;
                /** @description Who asks. */
                requested_by: string;
                /**
                 * @description `pending` for a day, `approved` for 15 minutes, then `used` or `expired`.
                 * @example pending
                 */
                status: string;
                /** @description When it was answered, RFC 3339. */
                used_at?: string | null;
            }[];
            /** @description How many rows a page has at most. */
            limit: number;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many rows were skipped.
             */
            offset: number;
            /**
             * Format: int64
             * @description The page's number; only where pages were asked for.
             */
            page?: number;
            /**
             * Format: int64
             * @description Rows of a page; only where pages were asked for.
             */
            page_size?: number;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * Format: int64
             * @description How many rows match in all, exactly.
             */
            total: number;
            /**
             * Format: int64
             * @description How many pages there are; only where pages were asked for.
             */
            total_pages?: number;
        };
        /** @description A page of a list. */
        Listing_UserRow: {
            /** @description The rows of the page. */
            data: {
                /** @description Whether it may sign tokens of its own. */
                access_secret: boolean;
                /** @description When it was created. */
                created_at: string;
                /** @description What to call its owner; may be empty. */
                display_name: string;
                /** @description Where to write to its owner; may be empty. */
                email: string;
                /** @description Whether it may come in. */
                enabled: boolean;
                /**
                 * Format: int64
                 * @description Its number; never reused.
                 */
                id: number;
                /** @description When its owner last logged in for a session or tokens. */
                last_login?: string | null;
                /** @description Whether the password has to be changed before anything else. */
                must_change_password: boolean;
                /** @description Whether it may read personal data while masking is on. */
                pii_read: boolean;
                /**
                 * @description `viewer`, `auditor` or `admin`.
                 * @example viewer
                 */
                role: string;
                /**
                 * @description `system`, `light` or `dark`.
                 * @example system
                 */
                theme: string;
                /** @description Whether logging in takes a code, too. */
                totp: boolean;
                /** @description Its name, to log in with. */
                username: string;
            }[];
            /** @description How many rows a page has at most. */
            limit: number;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /**
             * Format: int64
             * @description How many rows were skipped.
             */
            offset: number;
            /**
             * Format: int64
             * @description The page's number; only where pages were asked for.
             */
            page?: number;
            /**
             * Format: int64
             * @description Rows of a page; only where pages were asked for.
             */
            page_size?: number;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * Format: int64
             * @description How many rows match in all, exactly.
             */
            total: number;
            /**
             * Format: int64
             * @description How many pages there are; only where pages were asked for.
             */
            total_pages?: number;
        };
        /** @description A row with everything that is known of it. */
        LogDetail: components["schemas"]["LogRow"] & {
            /** @description What the line was taken for, and why. */
            classification: components["schemas"]["Classification"][];
            /** @description Every rule that matched when the row was scored. */
            matched_rules: components["schemas"]["MatchedRule"][];
            /** @description The line itself. */
            raw?: string | null;
            /** @description Whether today's rules would say something else; null where the row was not scored, or not everything is shown. */
            rules_changed?: boolean | null;
        };
        /** @description A row of the log. */
        LogRow: {
            /**
             * Format: int64
             * @description Bytes sent to the client.
             */
            bytes: number;
            /** @description Client address. */
            client_ip?: string | null;
            /** @description What the setting `client_aliases` calls the client; null for those who may not see its address. */
            client_name?: string | null;
            /** @description `host:port`, `-` where the line names no target. */
            destination: string;
            /**
             * Format: int64
             * @description How long it took, in milliseconds.
             */
            elapsed_ms: number;
            /** @description Squid's hierarchy code. */
            hierarchy?: string | null;
            /** @description The machine whose log the line came from. */
            host: string;
            /**
             * Format: int64
             * @description The row's number; rises, never reused.
             */
            id: number;
            /** @description `METHOD URL STATUS`. */
            message: string;
            /** @description Request method. */
            method?: string | null;
            /** @description MIME type of the reply. */
            mime?: string | null;
            /**
             * @description What became of the request.
             * @example denied
             */
            outcome: string;
            /** @description Referer header, where the log has it. */
            referer?: string | null;
            /** @description The log's result code. */
            result?: string | null;
            /**
             * @description How bad it is.
             * @example Warning
             */
            severity: string;
            /** @description The name of the source. */
            source: string;
            /** @description Code and result code: `200 TCP_TUNNEL`. */
            status: string;
            /**
             * Format: int32
             * @description Status code, 0 where no reply was sent.
             */
            status_code: number;
            /**
             * @description What is to be noted: `blocked`, `ip_literal`, `private_destination`, `ignored` (by the
             *     setting `ignored_hosts`; such rows are stored and counted like others), `shadow_it`,
             *     `unusual_port`, `dga`, `look_alike`, `double_extension`, `mime_mismatch`, `high_entropy`, `flagged`.
             */
            tags: string[];
            /** @description When the request was completed, `YYYY-MM-DD HH:MM:SS` in UTC. */
            timestamp: string;
            /** @description The whole request target. */
            url: string;
            /** @description User name. */
            user?: string | null;
            /** @description User-Agent header, where the log has it. */
            user_agent?: string | null;
            /** @description What the rules say. */
            waf: components["schemas"]["WafVerdict"];
        };
        /** @description Totals over the whole store. */
        LogStats: {
            /**
             * Format: int64
             * @description Rows with a request for credentials (407).
             */
            auth_challenge_count: number;
            /**
             * Format: int64
             * @description Rows that count as blocked: denied and forbidden, and challenges where the setting says so.
             */
            blocked_count: number;
            /**
             * Format: int64
             * @description Blocked rows whose destination host is an address.
             */
            ip_blocks_count: number;
            /** @description When rows were last stored, `YYYY-MM-DD HH:MM:SS` in UTC. */
            last_import?: string | null;
            /**
             * Format: int64
             * @description Rows the origin answered with 403.
             */
            origin_forbidden_count: number;
            /**
             * Format: int64
             * @description Rows the proxy refused.
             */
            proxy_denied_count: number;
            /**
             * Format: int64
             * @description Lines that could not be parsed.
             */
            rejected_lines: number;
            /**
             * Format: int64
             * @description Rows.
             */
            total_count: number;
        };
        /** @description What became of a login. */
        LoggedOut: {
            /** @description Whether there was a login to end: not with a password or an API key. */
            ended: boolean;
        };
        /** @description What logging in takes. */
        LoginBody: {
            /** @description Their password. */
            password: string;
            /**
             * @description The code of their authenticator, where they have one.
             * @example 123456
             */
            totp?: string | null;
            /** @description The user's name. */
            username: string;
        };
        /** @description A rule that matched a request. */
        MatchedRule: {
            /** @description Its category. */
            category?: string | null;
            /** @description The file the rule stands in. */
            file?: string | null;
            /** @description What it matched, after decoding. */
            fragment?: string | null;
            /**
             * Format: int32
             * @description The rule's id.
             */
            id: number;
            /**
             * Format: int64
             * @description The line there.
             */
            line?: number | null;
            /** @description What it says; null where the rule is not there any more. */
            message?: string | null;
            /**
             * Format: int32
             * @description What it adds to the score.
             */
            points: number;
            /**
             * @description How bad a match is.
             * @example Critical
             */
            severity?: string | null;
            /** @description The value on its way there: as it was sent, and what each transformation that changed it made of it. */
            steps: components["schemas"]["DecodedStep"][];
            /** @description Techniques of MITRE ATT&CK. */
            techniques: string[];
            /**
             * @description Where it matched, as SecLang calls it; null where what it matched is not shown, or today's rule doesn't match.
             * @example ARGS:id
             */
            where?: string | null;
        };
        /** @description Who one is, and with what. */
        Me: components["schemas"]["UserRow"] & {
            /**
             * @description What they are: `password`, `session 3`, `access token 3`, `API key 3`, `self-signed token`.
             * @example session 3
             */
            credential: string;
            /** @description With a session: what changes have to carry as `X-CSRF-Token` where the browser sends no `Origin`. */
            csrf_token?: string | null;
            /** @description When the credentials end by themselves; null where they don't. */
            expires_at?: string | null;
            /** @description Whether the password has to be changed before anything else. */
            password_change_required: boolean;
            /** @description What may be done with these credentials. */
            scopes: string[];
            /** @description The log sources they are restricted to; null for all. */
            sources?: string[] | null;
        };
        /** @description A success that only says what was done. */
        Message: {
            /** @description What was done. */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description Something learned from data. */
        Model: {
            /**
             * @description What it tells.
             * @example dga
             */
            name: string;
            /** @description `ready`, or `failed` where its file can't be read. */
            state: string;
            /** @description When it was made; null where its file doesn't say. */
            trained_at?: string | null;
            /** @description Its version. */
            version: string;
        };
        /** @description Requests of something. */
        NameCount: {
            /**
             * Format: int64
             * @description Requests.
             */
            count: number;
            /** @description Its name. */
            name: string;
        };
        /** @description A key to be made. */
        NewApiKeyBody: {
            /**
             * Format: date-time
             * @description When it ends; in 365 days, unless given.
             */
            expires_at?: string | null;
            /**
             * Format: int64
             * @description The same as a number of days from now, 1 to 3650.
             */
            expires_in_days?: number | null;
            /** @description What it is for. */
            name: string;
            /** @description What it may do, as far as one may oneself; what a viewer may, unless given. */
            scopes?: string[] | null;
            /** @description The names of the log sources it is restricted to; all, unless given. */
            sources?: string[] | null;
        };
        /** @description A key that was made. */
        NewKey: components["schemas"]["ApiKeyRow"] & {
            /**
             * @description The key, for `Authorization: Bearer`; shown this once.
             * @example tg_live_…
             */
            key: string;
        };
        /** @description An account that was made. */
        NewUser: components["schemas"]["UserRow"] & {
            /** @description Its password, where it was drawn here; shown this once. */
            temporary_password?: string;
        };
        /** @description An account to be made. */
        NewUserBody: {
            /** @description What to call its owner. */
            display_name?: string | null;
            /** @description Where to write to its owner. */
            email?: string | null;
            /** @description Whether the password has to be changed before anything else. */
            must_change_password?: boolean | null;
            /** @description Its password; without one it is drawn, answered once, and has to be changed at the first login. */
            password?: string | null;
            /** @description `viewer` (unless given), `auditor` or `admin`. */
            role?: string | null;
            /** @description `system`, `light` or `dark`. */
            theme?: string | null;
            /** @description Its name, to log in with: 1 to 64 characters. */
            username: string;
        };
        /** @description A certificate and its key, as `GET /api/tls-cert` tells them. */
        PairState: {
            certificate?: components["schemas"]["Description"] | null;
            /** @description Where the certificate is kept, unless here. */
            certificate_path?: string | null;
            /** @description Why certificate and key can't be used together; null where they can. */
            fault?: string | null;
            /** @description What it is for. */
            for: components["schemas"]["Purpose"];
            /** @description Whether there is a private key. */
            has_key: boolean;
            /** @description Whether connections are served with it now. */
            in_use: boolean;
            /** @description Where the private key is kept, unless here. */
            key_path?: string | null;
            waiting?: components["schemas"]["Description"] | null;
            /** @description What makes clients refuse it all the same. */
            warnings: string[];
        };
        /** @description What changing one's password takes. */
        PasswordBody: {
            /** @description The present password. */
            current_password: string;
            /** @description The one wanted. */
            new_password: string;
        };
        /** @description What comes of another password: all logins have ended, and the one the request came with begins anew. */
        PasswordChanged: {
            /** @description Where the request came with an access token: the next one. */
            access_token?: string;
            /** @description Where the request came with a session, whose cookie is set anew: its CSRF token. */
            csrf_token?: string;
            /** @description And its refresh token. */
            refresh_token?: string;
        };
        /**
         * @description What a certificate is for.
         * @enum {string}
         */
        Purpose: "https" | "syslog";
        /** @description How a source of lines is doing; more is told by `/api/sources`. */
        Receiver: {
            /** @description What its log can't show, in a sentence each. */
            blind_spots: string[];
            /**
             * Format: int64
             * @description Lines and datagrams lost since the start.
             */
            dropped: number;
            /** @description The source's name. */
            name: string;
            /** @description Where it reads from: a file, `udp://…`, `stdin`. */
            path: string;
            /** @description Why, where it is not `ok`. */
            reason?: string | null;
            /** @description How it is doing. */
            state: components["schemas"]["Condition"];
        };
        /** @description A request that was blocked. */
        RecentBlock: {
            /** @description `host:port`. */
            destination: string;
            /** @description The method. */
            method?: string | null;
            /** @description The client. */
            source_ip?: string | null;
            /** @description Code and result code. */
            status: string;
            /** @description When, `YYYY-MM-DD HH:MM:SS` in UTC. */
            timestamp: string;
        };
        /** @description What renewing tokens takes. */
        RefreshBody: {
            /** @description The refresh token of the pair before; good once. */
            refresh_token: string;
        };
        /** @description Names rejected lines, and the format they are in. */
        ReimportBody: {
            /**
             * @description The format they are in; `auto` for the one that explains most of them. Without it each line is read in its own
             *     source's format, as this version reads it.
             * @example squid
             */
            format?: string | null;
            /**
             * @description Only those rejected for this reason.
             * @example bad_time
             */
            reason?: string | null;
            /**
             * @description The name of their source, without regard to case.
             * @example access.log
             */
            source: string;
        };
        /** @description What became of the lines: `tried` = `stored` + `directives` + all of `still_rejected` + `not_whole`. */
        Reimported: {
            /**
             * Format: int64
             * @description Lines that say how those behind them are read, and are rejects no more.
             */
            directives: number;
            /** @description The format they were read in; null where it was that of each line's source. */
            format?: string | null;
            /**
             * Format: int64
             * @description Lines that stay because only their head or shape is kept.
             */
            not_whole: number;
            /** @description Lines that stay, by what was wrong with them this time. */
            still_rejected: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Lines stored as rows, which are rejects no more.
             */
            stored: number;
            /**
             * Format: int64
             * @description Rejected lines looked at: those asked for that are kept.
             */
            tried: number;
        };
        /** @description How many lines of a source were rejected for a reason. */
        RejectCountRow: {
            /**
             * Format: int64
             * @description Of them, those that are kept: the rows of this list.
             */
            kept: number;
            /**
             * Format: int64
             * @description Rejected lines.
             */
            lines: number;
            /**
             * @description The reason.
             * @example bad_time
             */
            reason: string;
            /** @description The source's name. */
            source: string;
            /**
             * Format: int64
             * @description Those that are only counted, as the source has as many as are kept of one.
             */
            unkept: number;
        };
        /** @description A page of the rejected lines that are kept, and how many there are by source and reason, of those asked for. */
        RejectListing: components["schemas"]["Listing_RejectRow"] & {
            /** @description How many by source and reason. */
            counts: components["schemas"]["RejectCountRow"][];
        };
        /** @description What came of reading config.toml again. */
        Reloaded: {
            /**
             * @description Keys that had changed and are in force now; `waf.rules` and `tls` always, since their files are read again.
             * @example [
             *       "source",
             *       "waf.rules",
             *       "tls"
             *     ]
             */
            applied: string[];
            /**
             * @description Keys that have changed, but hold only after a restart.
             * @example [
             *       "server.listen"
             *     ]
             */
            needs_restart: string[];
            /** @description Rules that lines are scored by now. */
            rules: number;
            /** @description Sources that are followed or received now. */
            sources: number;
        };
        /** @description The body of a clean-up. */
        RetentionBody: {
            /**
             * Format: int64
             * @description How many days to keep; the setting `log_retention_days` unless given.
             */
            days?: number | null;
        };
        /** @description What a clean-up would remove. */
        RetentionPreview: {
            /**
             * Format: int64
             * @description Rows that would go.
             */
            delete_count: number;
            /**
             * Format: int64
             * @description Rows there are.
             */
            total_count: number;
        };
        /** @description Asks what a pseudonym stands for. */
        RevealBody: {
            /**
             * @description `c-…` or `u-…`, as rows show it.
             * @example c-abcdefghijkl
             */
            pseudonym: string;
            /** @description Why; goes into the audit log. */
            reason: string;
        };
        /** @description A request to be told what a pseudonym stands for. */
        RevealRow: {
            /** @description When it was approved, RFC 3339. */
            approved_at?: string | null;
            /** @description Who approved it. */
            approved_by?: string | null;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /** @description The pseudonym. */
            pseudonym: string;
            /** @description Why, in the requester's words. */
            reason: string;
            /** @description When, RFC 3339. */
            requested_at: string;
            /** @description Who asks. */
            requested_by: string;
            /**
             * @description `pending` for a day, `approved` for 15 minutes, then `used` or `expired`.
             * @example pending
             */
            status: string;
            /** @description When it was answered, RFC 3339. */
            used_at?: string | null;
        };
        /** @description What a pseudonym stands for. */
        Revealed: {
            /**
             * @description `client` or `user`.
             * @example client
             */
            kind: string;
            /** @description The pseudonym. */
            pseudonym: string;
            /** @description The address or name, as logged. */
            value: string;
        };
        /** @description A domain that is worth a look. */
        RiskyDomain: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked: number;
            /**
             * Format: int64
             * @description Clients that made them.
             */
            clients: number;
            /** @description Whether the host looks as if a program had made it up. */
            dga: boolean;
            /**
             * Format: float
             * @description How likely that is, 0 to 1; null where nothing can be said.
             */
            dga_likelihood?: number | null;
            /** @description The registrable domain. */
            domain: string;
            /** @description The hour it was first seen in, where that lies in the window; null where it was seen before. */
            first_seen?: string | null;
            /** @description The host below it that is asked for most of those that look so; the domain itself where it is only new. */
            host: string;
            /** @description How it does. */
            how?: string | null;
            /** @description The protected name that the host imitates. */
            look_alike_of?: string | null;
            /** @description How the host's internationalised labels read; null where it has none, or they can't be shown safely. */
            reading?: string | null;
            /**
             * Format: int64
             * @description Requests: to the hosts that look so, else to all of the domain.
             */
            requests: number;
        };
        /** @description Matches of a rule. */
        RuleCount: {
            /**
             * Format: int64
             * @description Matches.
             */
            count: number;
            /**
             * Format: int32
             * @description The rule's number.
             */
            id: number;
            /** @description What it says; empty where it is not there any more. */
            message: string;
        };
        /** @description A rule. */
        RuleRow: {
            /**
             * @description Its category.
             * @example sql
             */
            category: string;
            /** @description Whether new rows are scored by it: its category is switched on, and a log can feed it. */
            enabled: boolean;
            /** @description Whether a line of a log has what it looks at. */
            fed: boolean;
            /** @description The file it stands in. */
            file?: string | null;
            /**
             * Format: int64
             * @description Rows of the window that it matched when they were scored.
             */
            hits: number;
            /**
             * Format: int32
             * @description Its id.
             */
            id: number;
            /**
             * Format: int64
             * @description The line there.
             */
            line?: number | null;
            /** @description What it says of what it matches, macros as they stand. */
            message: string;
            /** @description Why not. */
            not_fed_because?: string | null;
            /**
             * Format: int32
             * @description How eager it is, from 1 to 4; null where it doesn't say.
             */
            paranoia_level?: number | null;
            /**
             * @description How bad a match is.
             * @example Critical
             */
            severity?: string | null;
            /** @description Its text, in SecLang. */
            source: string;
            /** @description Its tags. */
            tags: string[];
            /**
             * @description Techniques of MITRE ATT&CK.
             * @example [
             *       "T1190"
             *     ]
             */
            techniques: string[];
        };
        /** @description The security score. */
        ScoreBody: {
            /** @description Every check. */
            checks: components["schemas"]["CheckRow"][];
            /**
             * @description `A` from 90, `B` from 80, `C` from 70, `D` from 60 on, else `F`.
             * @example C
             */
            grade: string;
            /** @description Scores of the last 90 days, oldest first. */
            history: components["schemas"]["ScoreThen"][];
            /**
             * Format: int32
             * @description 100.
             */
            max_score: number;
            /** @description What to do about checks that lost points, those that lost most first. */
            recommendations: string[];
            /**
             * Format: int32
             * @description Points earned of a hundred that could be, over the checks that are not unknown.
             * @example 74
             */
            score: number;
        };
        /** @description Rows of a score. */
        ScoreCount: {
            /**
             * Format: int64
             * @description Rows.
             */
            count: number;
            /**
             * Format: int32
             * @description The score.
             */
            score: number;
        };
        /** @description A score of a time. */
        ScoreThen: {
            /**
             * Format: int32
             * @description The score.
             */
            score: number;
            /**
             * @description When, RFC 3339.
             * @example 2026-01-01T12:00:00Z
             */
            time: string;
        };
        /** @description What the rules say of a request. */
        Scored: {
            /** @description Categories of the rules that matched. */
            categories: string[];
            /** @description Whether the score is not below the threshold. */
            flagged: boolean;
            /** @description These rules, in the order in which they matched. */
            matched_rules: components["schemas"]["MatchedRule"][];
            /**
             * Format: int32
             * @description The sum of the points.
             */
            score: number;
            /**
             * @description The worst severity of a rule that matched.
             * @example Critical
             */
            severity?: string | null;
            /**
             * Format: int32
             * @description The threshold: the setting `waf_block_threshold`.
             */
            threshold: number;
        };
        /** @description The body that says whose score is asked. */
        ScoredRequest: {
            /** @description The method [default: GET]. */
            method?: string | null;
            /** @description The Referer header, likewise. */
            referer?: string | null;
            /** @description The whole target: `http://host/path?query`, of CONNECT `host:port`. */
            url: string;
            /** @description The User-Agent header; without it, what rules say where a log has none. Empty: the request had none. */
            user_agent?: string | null;
        };
        /** @description Counts. */
        ServerStats: {
            /**
             * Format: int64
             * @description Lines left out for being the same as others: always 0, as equal lines are requests of their own. A content that
             *     was read already is known by its fingerprint, and not read again.
             */
            dedup_count: number;
            /** @description The machines of their logs, most rows first, at most 1000. */
            hosts: string[];
            /**
             * Format: double
             * @description Lines stored a second, of late.
             */
            lines_per_second: number;
            /**
             * Format: int64
             * @description Lines ever taken in: rows stored, those removed since too, and lines rejected.
             */
            lines_total: number;
            /** @description What was learned from data. */
            models: components["schemas"]["Model"][];
            /**
             * Format: int64
             * @description Lines received that are not stored yet. Files are read as they are stored, so theirs have no queue:
             *     `/api/sources` tells how far behind they are.
             */
            queue_depth: number;
            /** @description The same rows by severity: `Emergency` to `Debug`. */
            severity_counts: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Rows: of the whole store, or of the window asked for.
             */
            total: number;
        };
        /** @description The body that decides about a service. */
        ServiceBody: {
            /** @description Whether it may be used. */
            sanctioned: boolean;
        };
        /** @description A service of the catalogue. */
        ServiceRow: {
            /**
             * @description Its category.
             * @example storage
             */
            category: string;
            /**
             * @description Its name.
             * @example Dropbox
             */
            name: string;
            /**
             * @description What its use means where nobody sanctioned it: `low`, `medium`, `high`.
             * @example medium
             */
            risk: string;
            /** @description Whether it may be used. */
            sanctioned: boolean;
        };
        /** @description A service and how it is used. */
        ServiceUse: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked: number;
            /**
             * Format: int64
             * @description Bytes sent to clients.
             */
            bytes: number;
            /**
             * @description Its category.
             * @example storage
             */
            category?: string | null;
            /**
             * Format: int64
             * @description Clients that used it.
             */
            clients: number;
            /**
             * @description Of its domains the one that is called as it is, else the shortest.
             * @example dropbox.com
             */
            domain?: string | null;
            /** @description The hour it was first seen in, where that lies in the window; null where it was seen before. */
            first_seen?: string | null;
            /**
             * @description Its name.
             * @example Dropbox
             */
            name: string;
            /**
             * Format: int64
             * @description Requests to it.
             */
            requests: number;
            /**
             * @description What its use means where nobody sanctioned it: `low`, `medium`, `high`.
             * @example medium
             */
            risk?: string | null;
            /**
             * @description Whether it may be used: by the settings `sanctioned_services`, `unsanctioned_services` and
             *     `sanctioned_categories`.
             */
            sanctioned: boolean;
        };
        /** @description What a browser logs in with; as JSON or a form. */
        SessionBody: {
            /**
             * @description Where to go then: a path of this origin, anything else is `/`.
             * @example /
             */
            next?: string | null;
            /** @description Their password. */
            password: string;
            /** @description The code of their authenticator, where they have one. */
            totp?: string | null;
            /** @description The user's name. */
            username: string;
        };
        /** @description A session that has begun; its cookie is in `Set-Cookie`. */
        SessionStarted: {
            /** @description What changes have to carry as `X-CSRF-Token` where the browser sends no `Origin`. */
            csrf_token: string;
            /**
             * Format: int64
             * @description Seconds it lasts.
             */
            expires_in: number;
            /** @description Where to go now. */
            next: string;
            /** @description Whether the password has to be changed before anything else. */
            password_change_required: boolean;
            /** @description Whose it is. */
            username: string;
        };
        /** @description The body that sets one setting. */
        SettingBody: {
            /** @description The value, or a text that reads as one. */
            value: unknown;
        };
        /** @description A setting. */
        SettingRow: {
            /** @description How many entries the list has; only of lists. */
            count?: number;
            /** @description The value when nobody gave another; null where it is secret. */
            default: unknown;
            /** @description What it does. */
            help: string;
            /**
             * Format: int64
             * @description The largest number.
             */
            max?: number | null;
            /**
             * Format: int64
             * @description The smallest number.
             */
            min?: number | null;
            /** @description The words to choose from; only where there are any. */
            options?: string[];
            /** @description Whether its value is never shown. */
            secret: boolean;
            /**
             * @description Where it belongs.
             * @example database
             */
            section: string;
            /** @description Whether there is a value; only of secrets. */
            set?: boolean;
            /**
             * @description Its name.
             * @example log_retention_days
             */
            setting_name: string;
            /** @description Its value; of a list the first 100 entries, null where it is secret or names clients to a masked reader. */
            setting_value: unknown;
            /** @description Where the value comes from: `default`, `file` (config.toml) or `database`. */
            source: string;
            /**
             * @description `bool`, `int`, `text`, `choice` or `list`.
             * @example int
             */
            type: string;
        };
        /** @description Rows of an hour by severity, each under its name. */
        SeverityCounts: {
            /** @description Its start. */
            time: string;
        } & {
            [key: string]: number;
        };
        /** @description A source of lines. Files of one source are told one by one; what doesn't apply is null. */
        Source: {
            /** @description What its log can't show. */
            blind_spots: components["schemas"]["BlindSpot"][];
            /**
             * Format: int64
             * @description Open connections.
             */
            connections?: number | null;
            /**
             * Format: int64
             * @description Lines and datagrams lost since the start.
             */
            dropped: number;
            /**
             * @description The format of its lines, as a spec; null while it is not known.
             * @example squid
             */
            format?: string | null;
            /** @description The machine whose log it is, where its lines name none. */
            host: string;
            /** @description How its lines come. */
            kind: components["schemas"]["SourceKind"];
            /**
             * Format: int64
             * @description Bytes of the file that are not stored yet.
             */
            lag_bytes?: number | null;
            /**
             * Format: double
             * @description How long the oldest line has waited to be stored, in seconds, as far as that is known.
             */
            lag_seconds: number;
            /**
             * Format: date-time
             * @description When a line was last stored; null where none was since the start.
             */
            last_line_at?: string | null;
            /**
             * Format: int64
             * @description Bytes of the file.
             */
            length_bytes?: number | null;
            /**
             * Format: int64
             * @description Lines stored or rejected since the start; null for files.
             */
            lines?: number | null;
            /**
             * Format: double
             * @description Lines stored or rejected a second, of late; null for files.
             */
            lines_per_second?: number | null;
            /**
             * @description Where it listens.
             * @example udp://0.0.0.0:5514
             */
            listen?: string | null;
            /** @description The source's name. */
            name: string;
            /** @description The file. */
            path?: string | null;
            /**
             * Format: int64
             * @description Bytes of the file that are stored.
             */
            position_bytes?: number | null;
            /** @description Why, where it is not `ok`. */
            reason?: string | null;
            /**
             * Format: int64
             * @description Datagrams and connections turned away since the start.
             */
            refused: number;
            /**
             * Format: int64
             * @description Lines rejected since the start; null for files.
             */
            rejected?: number | null;
            /** @description How it is doing. */
            state: components["schemas"]["SourceState"];
        };
        /**
         * @description How lines come from a source.
         * @enum {string}
         */
        SourceKind: "file" | "udp" | "tcp" | "tls" | "stdin";
        /**
         * @description How a source is doing.
         * @enum {string}
         */
        SourceState: "ok" | "waiting" | "degraded";
        /** @description A run that was begun. */
        Started: {
            /**
             * Format: int64
             * @description Its number: `GET /api/jobs/{id}`.
             */
            job_id: number;
        };
        /** @description How the proxy and the server are doing. */
        Status: {
            /** @description What `/health` says, whatever it is, under HTTP status 200. */
            health: components["schemas"]["Health"];
            /**
             * Format: int64
             * @description Memory the process holds (resident set); null where the system doesn't say.
             */
            memory_bytes?: number | null;
            /**
             * @description `error` where a source of lines is in trouble or the database can't be read, `running` where a line was stored in
             *     the last 15 minutes, else `idle`.
             * @example running
             */
            proxy_status: string;
            /**
             * Format: int64
             * @description Rows in the store; null where it can't be read.
             */
            requests_count?: number | null;
            /**
             * @description Now.
             * @example 2026-01-01T12:00:00Z
             */
            timestamp: string;
            /**
             * Format: int64
             * @description Seconds since the start.
             */
            uptime_seconds: number;
            /** @description Tidegate's version. */
            version: string;
        };
        /** @description A success with data. */
        Success_AccessSecret: {
            /** @description The secret one signs own tokens with. */
            data: {
                /** @description Its text is the key of HS256; shown this once. */
                access_secret: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_AuditCheck: {
            /** @description Whether the audit log is what was written. */
            data: {
                /**
                 * Format: int64
                 * @description How many entries the log holds; an action with a begin and an end has two.
                 */
                entries: number;
                /**
                 * Format: int64
                 * @description The first entry that was changed, put in or removed; null where there is none.
                 */
                first_broken_id?: number | null;
                /** @description Whether every entry is as it was written and none is missing. */
                valid: boolean;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_ClientDetails: {
            /** @description A client with everything that is known of it. */
            data: {
                /**
                 * Format: int64
                 * @description Those that count as blocked.
                 */
                blocked: number;
                /**
                 * Format: int64
                 * @description Bytes sent to it, in the whole store.
                 */
                bytes: number;
                /** @description What the setting `client_aliases` calls it; null for those who may not see its address. */
                client_name?: string | null;
                /** @description Its first request in the store, `YYYY-MM-DD HH:MM:SS` in UTC. */
                first_seen?: string | null;
                /** @description Its address. */
                ip_address: string;
                /** @description Its last request in the store. */
                last_seen?: string | null;
                /** @description Its newest requests in the window. */
                recent: components["schemas"]["ClientRequest"][];
                /** @description Its highest score in each bucket of the timeline in which it has requests that were scored. */
                score_history: components["schemas"]["ClientScore"][];
                /** @description The services it used most in the window. */
                services: components["schemas"]["ClientService"][];
                /**
                 * @description Its requests per bucket of the part of the window it was seen in, gaps filled with zeros: five minutes wide up to
                 *     three hours, an hour up to fourteen days, then a day.
                 */
                timeline: components["schemas"]["Bucket"][];
                /** @description Where it went most in the window. */
                top_domains: components["schemas"]["ClientDestination"][];
                /**
                 * Format: int64
                 * @description Its requests, in the whole store.
                 */
                total_requests: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_ClientStatistics: {
            /** @description The clients of a window. */
            data: {
                /** @description Those with most requests, or with the highest scores. */
                clients: components["schemas"]["Client"][];
                /**
                 * Format: int64
                 * @description How many there are.
                 */
                total_clients: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_DomainDetails: {
            /** @description A domain with everything that is known of it. */
            data: {
                /**
                 * Format: int64
                 * @description Those that count as blocked.
                 */
                blocked: number;
                /**
                 * Format: int64
                 * @description Bytes sent to clients.
                 */
                bytes: number;
                /** @description The category of the service it belongs to; null where that is not known. */
                category?: string | null;
                /** @description The clients with most requests to it. */
                clients: components["schemas"]["DomainClient"][];
                /** @description Whether it looks as if a program had made it up. */
                dga: boolean;
                /** @description Its name: a registrable domain, a name below or above one, or an address. */
                domain_name: string;
                /** @description Its first request in the store, `YYYY-MM-DD HH:MM:SS` in UTC. */
                first_seen?: string | null;
                /** @description The hosts with most requests. */
                hosts: components["schemas"]["DomainHost"][];
                /** @description Its last request in the store. */
                last_seen?: string | null;
                /** @description The protected name it imitates. */
                look_alike_of?: string | null;
                /**
                 * Format: int64
                 * @description Requests to it, in the window.
                 */
                requests: number;
                /** @description The rules that matched requests to it most. */
                rules: components["schemas"]["DomainRule"][];
                /**
                 * @description Its requests per bucket of the part of the window it was seen in, gaps filled with zeros: five minutes wide up to
                 *     three hours, an hour up to fourteen days, then a day.
                 */
                timeline: components["schemas"]["Bucket"][];
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Effective: {
            /** @description What is in force. */
            data: {
                /** @description What is fixed at start, table by table as in config.toml, with defaults filled in. */
                config: unknown;
                /** @description What can be changed while the server runs, by name. */
                settings: {
                    [key: string]: components["schemas"]["EffectiveSetting"];
                };
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_FileTypes: {
            /** @description Kinds of file. */
            data: {
                /** @description By category: of the extension, else of the MIME type; what has neither is left out. */
                categories: components["schemas"]["CategoryCount"][];
                /** @description By extension; paths without one are left out. */
                extensions: components["schemas"]["ExtensionCount"][];
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_FindingDetail: {
            /** @description A finding with the rows that show it. */
            data: components["schemas"]["FindingRow"] & {
                /**
                 * @description Its first requests and its last, at most twenty; fewer where retention or an erasure took some, none for those who
                 *     may not read the log.
                 */
                evidence: components["schemas"]["LogRow"][];
                /** @description What somebody said of it. */
                note?: string | null;
                /** @description What to do about it. */
                recommendation: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_JobRow: {
            /** @description A run of a job. */
            data: {
                /**
                 * Format: int64
                 * @description How long it took, in milliseconds.
                 */
                duration_ms?: number | null;
                /** @description Why it failed. */
                error?: string | null;
                /** @description When it ended. */
                finished?: string | null;
                /**
                 * Format: int64
                 * @description Its number.
                 */
                id: number;
                /**
                 * @description The job.
                 * @example waf.rescore
                 */
                name: string;
                /**
                 * @description `running`, `done`, `failed`, or `interrupted` where the process ended first.
                 * @example done
                 */
                outcome: string;
                progress?: components["schemas"]["JobProgress"] | null;
                /** @description What came of it. */
                result?: unknown;
                /** @description When it began, RFC 3339. */
                started: string;
                /** @description Who had it run: an account's name, or `schedule`. */
                started_by: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_LicenseStatus: {
            /** @description How things stand with the licence: always well. */
            data: {
                /**
                 * Format: int64
                 * @description Always null: it never ends.
                 */
                days_left?: number | null;
                /** @description What this binary is made of, by name. */
                dependencies: components["schemas"]["Dependency"][];
                /** @description Always null: nothing is ever validated. */
                last_validated?: string | null;
                /**
                 * @description The licence (SPDX).
                 * @example MIT
                 */
                license: string;
                /** @description Always true. */
                licensed: boolean;
                /** @description What that means. */
                message: string;
                /** @description Always false. */
                needs_recheck: boolean;
                /**
                 * @description Always `active`.
                 * @example active
                 */
                status: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_LogDetail: {
            /** @description A row with everything that is known of it. */
            data: components["schemas"]["LogRow"] & {
                /** @description What the line was taken for, and why. */
                classification: components["schemas"]["Classification"][];
                /** @description Every rule that matched when the row was scored. */
                matched_rules: components["schemas"]["MatchedRule"][];
                /** @description The line itself. */
                raw?: string | null;
                /** @description Whether today's rules would say something else; null where the row was not scored, or not everything is shown. */
                rules_changed?: boolean | null;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_LogStats: {
            /** @description Totals over the whole store. */
            data: {
                /**
                 * Format: int64
                 * @description Rows with a request for credentials (407).
                 */
                auth_challenge_count: number;
                /**
                 * Format: int64
                 * @description Rows that count as blocked: denied and forbidden, and challenges where the setting says so.
                 */
                blocked_count: number;
                /**
                 * Format: int64
                 * @description Blocked rows whose destination host is an address.
                 */
                ip_blocks_count: number;
                /** @description When rows were last stored, `YYYY-MM-DD HH:MM:SS` in UTC. */
                last_import?: string | null;
                /**
                 * Format: int64
                 * @description Rows the origin answered with 403.
                 */
                origin_forbidden_count: number;
                /**
                 * Format: int64
                 * @description Rows the proxy refused.
                 */
                proxy_denied_count: number;
                /**
                 * Format: int64
                 * @description Lines that could not be parsed.
                 */
                rejected_lines: number;
                /**
                 * Format: int64
                 * @description Rows.
                 */
                total_count: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Me: {
            /** @description Who one is, and with what. */
            data: components["schemas"]["UserRow"] & {
                /**
                 * @description What they are: `password`, `session 3`, `access token 3`, `API key 3`, `self-signed token`.
                 * @example session 3
                 */
                credential: string;
                /** @description With a session: what changes have to carry as `X-CSRF-Token` where the browser sends no `Origin`. */
                csrf_token?: string | null;
                /** @description When the credentials end by themselves; null where they don't. */
                expires_at?: string | null;
                /** @description Whether the password has to be changed before anything else. */
                password_change_required: boolean;
                /** @description What may be done with these credentials. */
                scopes: string[];
                /** @description The log sources they are restricted to; null for all. */
                sources?: string[] | null;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_NewKey: {
            /** @description A key that was made. */
            data: components["schemas"]["ApiKeyRow"] & {
                /**
                 * @description The key, for `Authorization: Bearer`; shown this once.
                 * @example tg_live_…
                 */
                key: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_NewUser: {
            /** @description An account that was made. */
            data: components["schemas"]["UserRow"] & {
                /** @description Its password, where it was drawn here; shown this once. */
                temporary_password?: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_RetentionPreview: {
            /** @description What a clean-up would remove. */
            data: {
                /**
                 * Format: int64
                 * @description Rows that would go.
                 */
                delete_count: number;
                /**
                 * Format: int64
                 * @description Rows there are.
                 */
                total_count: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_RevealRow: {
            /** @description A request to be told what a pseudonym stands for. */
            data: {
                /** @description When it was approved, RFC 3339. */
                approved_at?: string | null;
                /** @description Who approved it. */
                approved_by?: string | null;
                /**
                 * Format: int64
                 * @description Its number.
                 */
                id: number;
                /** @description The pseudonym. */
                pseudonym: string;
                /** @description Why, in the requester's words. */
                reason: string;
                /** @description When, RFC 3339. */
                requested_at: string;
                /** @description Who asks. */
                requested_by: string;
                /**
                 * @description `pending` for a day, `approved` for 15 minutes, then `used` or `expired`.
                 * @example pending
                 */
                status: string;
                /** @description When it was answered, RFC 3339. */
                used_at?: string | null;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Revealed: {
            /** @description What a pseudonym stands for. */
            data: {
                /**
                 * @description `client` or `user`.
                 * @example client
                 */
                kind: string;
                /** @description The pseudonym. */
                pseudonym: string;
                /** @description The address or name, as logged. */
                value: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_RuleRow: {
            /** @description A rule. */
            data: {
                /**
                 * @description Its category.
                 * @example sql
                 */
                category: string;
                /** @description Whether new rows are scored by it: its category is switched on, and a log can feed it. */
                enabled: boolean;
                /** @description Whether a line of a log has what it looks at. */
                fed: boolean;
                /** @description The file it stands in. */
                file?: string | null;
                /**
                 * Format: int64
                 * @description Rows of the window that it matched when they were scored.
                 */
                hits: number;
                /**
                 * Format: int32
                 * @description Its id.
                 */
                id: number;
                /**
                 * Format: int64
                 * @description The line there.
                 */
                line?: number | null;
                /** @description What it says of what it matches, macros as they stand. */
                message: string;
                /** @description Why not. */
                not_fed_because?: string | null;
                /**
                 * Format: int32
                 * @description How eager it is, from 1 to 4; null where it doesn't say.
                 */
                paranoia_level?: number | null;
                /**
                 * @description How bad a match is.
                 * @example Critical
                 */
                severity?: string | null;
                /** @description Its text, in SecLang. */
                source: string;
                /** @description Its tags. */
                tags: string[];
                /**
                 * @description Techniques of MITRE ATT&CK.
                 * @example [
                 *       "T1190"
                 *     ]
                 */
                techniques: string[];
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_ScoreBody: {
            /** @description The security score. */
            data: {
                /** @description Every check. */
                checks: components["schemas"]["CheckRow"][];
                /**
                 * @description `A` from 90, `B` from 80, `C` from 70, `D` from 60 on, else `F`.
                 * @example C
                 */
                grade: string;
                /** @description Scores of the last 90 days, oldest first. */
                history: components["schemas"]["ScoreThen"][];
                /**
                 * Format: int32
                 * @description 100.
                 */
                max_score: number;
                /** @description What to do about checks that lost points, those that lost most first. */
                recommendations: string[];
                /**
                 * Format: int32
                 * @description Points earned of a hundred that could be, over the checks that are not unknown.
                 * @example 74
                 */
                score: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Scored: {
            /** @description What the rules say of a request. */
            data: {
                /** @description Categories of the rules that matched. */
                categories: string[];
                /** @description Whether the score is not below the threshold. */
                flagged: boolean;
                /** @description These rules, in the order in which they matched. */
                matched_rules: components["schemas"]["MatchedRule"][];
                /**
                 * Format: int32
                 * @description The sum of the points.
                 */
                score: number;
                /**
                 * @description The worst severity of a rule that matched.
                 * @example Critical
                 */
                severity?: string | null;
                /**
                 * Format: int32
                 * @description The threshold: the setting `waf_block_threshold`.
                 */
                threshold: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_ServerStats: {
            /** @description Counts. */
            data: {
                /**
                 * Format: int64
                 * @description Lines left out for being the same as others: always 0, as equal lines are requests of their own. A content that
                 *     was read already is known by its fingerprint, and not read again.
                 */
                dedup_count: number;
                /** @description The machines of their logs, most rows first, at most 1000. */
                hosts: string[];
                /**
                 * Format: double
                 * @description Lines stored a second, of late.
                 */
                lines_per_second: number;
                /**
                 * Format: int64
                 * @description Lines ever taken in: rows stored, those removed since too, and lines rejected.
                 */
                lines_total: number;
                /** @description What was learned from data. */
                models: components["schemas"]["Model"][];
                /**
                 * Format: int64
                 * @description Lines received that are not stored yet. Files are read as they are stored, so theirs have no queue:
                 *     `/api/sources` tells how far behind they are.
                 */
                queue_depth: number;
                /** @description The same rows by severity: `Emergency` to `Debug`. */
                severity_counts: {
                    [key: string]: number;
                };
                /**
                 * Format: int64
                 * @description Rows: of the whole store, or of the window asked for.
                 */
                total: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_SessionStarted: {
            /** @description A session that has begun; its cookie is in `Set-Cookie`. */
            data: {
                /** @description What changes have to carry as `X-CSRF-Token` where the browser sends no `Origin`. */
                csrf_token: string;
                /**
                 * Format: int64
                 * @description Seconds it lasts.
                 */
                expires_in: number;
                /** @description Where to go now. */
                next: string;
                /** @description Whether the password has to be changed before anything else. */
                password_change_required: boolean;
                /** @description Whose it is. */
                username: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Started: {
            /** @description A run that was begun. */
            data: {
                /**
                 * Format: int64
                 * @description Its number: `GET /api/jobs/{id}`.
                 */
                job_id: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Status: {
            /** @description How the proxy and the server are doing. */
            data: {
                /** @description What `/health` says, whatever it is, under HTTP status 200. */
                health: components["schemas"]["Health"];
                /**
                 * Format: int64
                 * @description Memory the process holds (resident set); null where the system doesn't say.
                 */
                memory_bytes?: number | null;
                /**
                 * @description `error` where a source of lines is in trouble or the database can't be read, `running` where a line was stored in
                 *     the last 15 minutes, else `idle`.
                 * @example running
                 */
                proxy_status: string;
                /**
                 * Format: int64
                 * @description Rows in the store; null where it can't be read.
                 */
                requests_count?: number | null;
                /**
                 * @description Now.
                 * @example 2026-01-01T12:00:00Z
                 */
                timestamp: string;
                /**
                 * Format: int64
                 * @description Seconds since the start.
                 */
                uptime_seconds: number;
                /** @description Tidegate's version. */
                version: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Summary: {
            /** @description The numbers of the start page. */
            data: {
                /**
                 * Format: int64
                 * @description Those that count as blocked.
                 */
                blocked_requests: number;
                /**
                 * Format: int64
                 * @description Bytes sent to clients, in the whole store.
                 */
                bytes: number;
                /** @description What behaviour gave away and nobody has looked into yet. */
                findings: components["schemas"]["FindingsCount"];
                /** @description How the store is fed. */
                ingest: components["schemas"]["IngestRow"];
                /** @description The newest requests that were blocked. */
                recent_blocks: components["schemas"]["RecentBlock"][];
                /**
                 * Format: int32
                 * @description The security score as it was kept last: the setting `score_schedule` says when; `/api/security/score` asks anew.
                 */
                security_score: number;
                /**
                 * @description Requests by what makes them worth a look: the tags `ip_literal`, `unusual_port`, `dga`, `look_alike`,
                 *     `double_extension`, `mime_mismatch`, and the categories of services of high risk that are not sanctioned.
                 */
                threat_categories: components["schemas"]["ThreatCount"][];
                /**
                 * Format: int64
                 * @description Those that count as blocked.
                 */
                today_blocked: number;
                /**
                 * Format: int64
                 * @description Rows since 00:00 UTC.
                 */
                today_requests: number;
                /** @description Where most requests were blocked. */
                top_blocked: components["schemas"]["BlockedDestination"][];
                /** @description Who asked most. */
                top_clients: components["schemas"]["ClientCount"][];
                /**
                 * Format: int64
                 * @description Rows, in the whole store.
                 */
                total_requests: number;
                /** @description What the rules say. */
                waf: components["schemas"]["WafStats"];
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Tested: {
            /** @description What was matched. */
            data: {
                /** @description Whether all rows of that time were looked at; false where time ran out. */
                complete: boolean;
                /** @description The newest of these. */
                examples: components["schemas"]["LogRow"][];
                /**
                 * Format: int64
                 * @description How far back.
                 */
                hours: number;
                /**
                 * Format: int64
                 * @description Rows that were matched.
                 */
                matched: number;
                /** @description The pattern that was tried; null where it was a rule. */
                regex?: string | null;
                /**
                 * Format: int64
                 * @description Rows that were looked at, newest first.
                 */
                scanned: number;
                /**
                 * Format: int64
                 * @description Of the matched rows, those that the proxy let through.
                 */
                would_block: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_TlsState: {
            /** @description Certificates and keys, as they are. */
            data: {
                /** @description Whether connections are served over TLS. */
                https: boolean;
                /** @description For HTTPS, and for syslog. */
                pairs: components["schemas"]["PairState"][];
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_TotpOffer: {
            /** @description A second factor to be confirmed. */
            data: {
                /**
                 * @description For showing as a QR code.
                 * @example otpauth://totp/Tidegate:ada?secret=…&issuer=Tidegate
                 */
                otpauth_uri: string;
                /** @description For typing into an authenticator; shown this once. */
                secret: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Traffic: {
            /** @description Traffic per bucket: the arrays are as long as each other. */
            data: {
                /** @description Requests that count as blocked. */
                blocked: number[];
                /** @description Bytes to clients. */
                inbound: number[];
                /** @description Starts of the buckets in UTC: `YYYY-MM-DD HH:MM`, `YYYY-MM-DD HH` or `YYYY-MM-DD`. */
                labels: string[];
                /** @description Bytes from clients; all null where no row of the period says them. */
                outbound: (number | null)[];
                /** @description Requests. */
                requests: number[];
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_UpdateState: {
            /** @description Whether there is a newer Tidegate, as far as the operator had that asked. */
            data: {
                /**
                 * Format: date-time
                 * @description When that was found out.
                 */
                checked_at?: string | null;
                /**
                 * @description What runs.
                 * @example 0.1.0
                 */
                current_version: string;
                /** @description Where it is to be had. */
                download_url?: string | null;
                /** @description The newest release; null where nobody was asked, or nobody answered. */
                latest_version?: string | null;
                /** @description What is new in it. */
                release_notes?: string | null;
                /** @description Whether there is. */
                update_available: boolean;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_UserAgents: {
            /** @description With what, and for what, clients ask. */
            data: {
                /** @description Requests by program. */
                agents: components["schemas"]["AgentCount"][];
                /** @description Requests by method. */
                methods: components["schemas"]["NameCount"][];
                /** @description Requests by kind of service: what there is to tell where the log has no user agent. */
                service_types: components["schemas"]["NameCount"][];
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_UserRow: {
            /** @description An account. */
            data: {
                /** @description Whether it may sign tokens of its own. */
                access_secret: boolean;
                /** @description When it was created. */
                created_at: string;
                /** @description What to call its owner; may be empty. */
                display_name: string;
                /** @description Where to write to its owner; may be empty. */
                email: string;
                /** @description Whether it may come in. */
                enabled: boolean;
                /**
                 * Format: int64
                 * @description Its number; never reused.
                 */
                id: number;
                /** @description When its owner last logged in for a session or tokens. */
                last_login?: string | null;
                /** @description Whether the password has to be changed before anything else. */
                must_change_password: boolean;
                /** @description Whether it may read personal data while masking is on. */
                pii_read: boolean;
                /**
                 * @description `viewer`, `auditor` or `admin`.
                 * @example viewer
                 */
                role: string;
                /**
                 * @description `system`, `light` or `dark`.
                 * @example system
                 */
                theme: string;
                /** @description Whether logging in takes a code, too. */
                totp: boolean;
                /** @description Its name, to log in with. */
                username: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec: {
            data: {
                /**
                 * Format: int64
                 * @description How many of its requests were turned away.
                 */
                attempts: number;
                /** @description Whether the next one would be, too. */
                blocked: boolean;
                /**
                 * @description When all is forgotten, RFC 3339.
                 * @example 2026-01-01T12:00:03Z
                 */
                expires_at: string;
                /**
                 * @description Its address, as the reader may see it.
                 * @example 192.0.2.7
                 */
                ip: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_ArchiveRow: {
            data: {
                /**
                 * Format: int64
                 * @description The size of its file.
                 */
                bytes: number;
                /** @description When it was written, RFC 3339. */
                created?: string | null;
                /** @description Where the file is to be had. */
                download: string;
                /**
                 * Format: int64
                 * @description Rows of persons that were erased from it.
                 */
                erased_rows?: number | null;
                /** @description Why it can't be read; everything below is null then. */
                error?: string | null;
                /** @description The time of its oldest row, RFC 3339. */
                first_event?: string | null;
                /** @description The time of its newest row, RFC 3339. */
                last_event?: string | null;
                /**
                 * @description What is masked in it: `none`, `pseudonyms` or `mask`.
                 * @example none
                 */
                masking?: string | null;
                /**
                 * @description Its name.
                 * @example tidegate-20260101T000000Z-1a2b3c4d.tar
                 */
                name: string;
                /**
                 * Format: int64
                 * @description How many rows it holds.
                 */
                rows?: number | null;
                /**
                 * Format: int64
                 * @description Rows that lay in damaged blocks and are not in it.
                 */
                unreadable_rows?: number | null;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_Bucket: {
            data: {
                /**
                 * Format: int64
                 * @description Rows that count as blocked.
                 */
                blocked: number;
                /** @description Its start, `YYYY-MM-DD HH:MM:SS` in UTC. */
                time: string;
                /**
                 * Format: int64
                 * @description Rows.
                 */
                total: number;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_CategoryRow: {
            data: {
                /** @description Whether new rows are scored by them. */
                enabled: boolean;
                /**
                 * Format: int64
                 * @description Rows of the window that one of them matched when they were scored.
                 */
                hits: number;
                /**
                 * @description Its name.
                 * @example sql
                 */
                name: string;
                /**
                 * Format: int64
                 * @description How many rules are in it.
                 */
                rules: number;
                /**
                 * @description What it is about.
                 * @example SQL injection
                 */
                title: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_DetectorRow: {
            data: {
                /** @description Whether it looks: it is not among `findings_disabled`. */
                enabled: boolean;
                /**
                 * Format: int64
                 * @description Its open findings.
                 */
                findings: number;
                /** @description What it looks for, in one sentence. */
                help: string;
                /**
                 * @description Its name.
                 * @example beacon
                 */
                name: string;
                /** @description Why it sees nothing. */
                reason?: string | null;
                /** @description The settings that say from where on something counts. */
                settings: string[];
                /**
                 * @description How bad its findings are.
                 * @example Warning
                 */
                severity: string;
                /**
                 * @description `ok`, `no_data` where the log has not what it needs, `waiting` where nobody has looked yet.
                 * @example ok
                 */
                state: string;
                /**
                 * @description The MITRE ATT&CK technique that its findings hint at.
                 * @example T1071.001
                 */
                technique: string;
                /** @description What its findings are headed. */
                title: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_DomainCount: {
            data: {
                /**
                 * Format: int64
                 * @description Requests to it.
                 */
                count: number;
                /** @description The registrable domain. */
                domain: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_DomainRow: {
            data: {
                /**
                 * Format: int64
                 * @description Those that count as blocked.
                 */
                blocked: number;
                /**
                 * Format: int64
                 * @description Bytes sent to clients.
                 */
                bytes: number;
                /** @description The category of the service it belongs to; null where that is not known. */
                category?: string | null;
                /**
                 * Format: int64
                 * @description Clients that asked for it.
                 */
                clients: number;
                /** @description Whether it looks as if a program had made it up. */
                dga: boolean;
                /** @description Its name. */
                domain_name: string;
                /** @description The hour it was first seen in, where that lies in the window; null where it was seen before. */
                first_seen?: string | null;
                /** @description The protected name it imitates. */
                look_alike_of?: string | null;
                /**
                 * Format: int64
                 * @description Requests to it.
                 */
                requests: number;
                /**
                 * @description `Allowed` where nothing was blocked, `Blocked` where everything was, else `Mixed`.
                 * @example Mixed
                 */
                status: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_HostCount: {
            data: {
                /**
                 * Format: int64
                 * @description Rows.
                 */
                count: number;
                /** @description The machine. */
                host: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_JobInfo: {
            data: {
                /** @description What it does. */
                help: string;
                last_run?: components["schemas"]["JobRow"] | null;
                /** @description When its newest run that was done ended, RFC 3339. */
                last_success?: string | null;
                /**
                 * @description Its name.
                 * @example retention.rows
                 */
                name: string;
                /** @description When it runs next by itself, RFC 3339. */
                next_run?: string | null;
                /** @description Whether it runs now. */
                running: boolean;
                /**
                 * @description When it runs by itself: a cron pattern of six fields in UTC; null for only when asked.
                 * @example 0 17 3 * * *
                 */
                schedule?: string | null;
                /** @description The setting that holds the schedule; null for a job that can't have one. */
                schedule_setting?: string | null;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_ListRow: {
            data: {
                /** @description How many entries it has. */
                count: number;
                /** @description What it does. */
                help: string;
                /** @description How many it may have. */
                max_count: number;
                /**
                 * @description Its name, which is its setting's.
                 * @example ignored_hosts
                 */
                name: string;
                /** @description Where it comes from: `default`, `file` (config.toml) or `database`. */
                source: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_RiskyDomain: {
            data: {
                /**
                 * Format: int64
                 * @description Those that count as blocked.
                 */
                blocked: number;
                /**
                 * Format: int64
                 * @description Clients that made them.
                 */
                clients: number;
                /** @description Whether the host looks as if a program had made it up. */
                dga: boolean;
                /**
                 * Format: float
                 * @description How likely that is, 0 to 1; null where nothing can be said.
                 */
                dga_likelihood?: number | null;
                /** @description The registrable domain. */
                domain: string;
                /** @description The hour it was first seen in, where that lies in the window; null where it was seen before. */
                first_seen?: string | null;
                /** @description The host below it that is asked for most of those that look so; the domain itself where it is only new. */
                host: string;
                /** @description How it does. */
                how?: string | null;
                /** @description The protected name that the host imitates. */
                look_alike_of?: string | null;
                /** @description How the host's internationalised labels read; null where it has none, or they can't be shown safely. */
                reading?: string | null;
                /**
                 * Format: int64
                 * @description Requests: to the hosts that look so, else to all of the domain.
                 */
                requests: number;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_RuleRow: {
            data: {
                /**
                 * @description Its category.
                 * @example sql
                 */
                category: string;
                /** @description Whether new rows are scored by it: its category is switched on, and a log can feed it. */
                enabled: boolean;
                /** @description Whether a line of a log has what it looks at. */
                fed: boolean;
                /** @description The file it stands in. */
                file?: string | null;
                /**
                 * Format: int64
                 * @description Rows of the window that it matched when they were scored.
                 */
                hits: number;
                /**
                 * Format: int32
                 * @description Its id.
                 */
                id: number;
                /**
                 * Format: int64
                 * @description The line there.
                 */
                line?: number | null;
                /** @description What it says of what it matches, macros as they stand. */
                message: string;
                /** @description Why not. */
                not_fed_because?: string | null;
                /**
                 * Format: int32
                 * @description How eager it is, from 1 to 4; null where it doesn't say.
                 */
                paranoia_level?: number | null;
                /**
                 * @description How bad a match is.
                 * @example Critical
                 */
                severity?: string | null;
                /** @description Its text, in SecLang. */
                source: string;
                /** @description Its tags. */
                tags: string[];
                /**
                 * @description Techniques of MITRE ATT&CK.
                 * @example [
                 *       "T1190"
                 *     ]
                 */
                techniques: string[];
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_ServiceUse: {
            data: {
                /**
                 * Format: int64
                 * @description Those that count as blocked.
                 */
                blocked: number;
                /**
                 * Format: int64
                 * @description Bytes sent to clients.
                 */
                bytes: number;
                /**
                 * @description Its category.
                 * @example storage
                 */
                category?: string | null;
                /**
                 * Format: int64
                 * @description Clients that used it.
                 */
                clients: number;
                /**
                 * @description Of its domains the one that is called as it is, else the shortest.
                 * @example dropbox.com
                 */
                domain?: string | null;
                /** @description The hour it was first seen in, where that lies in the window; null where it was seen before. */
                first_seen?: string | null;
                /**
                 * @description Its name.
                 * @example Dropbox
                 */
                name: string;
                /**
                 * Format: int64
                 * @description Requests to it.
                 */
                requests: number;
                /**
                 * @description What its use means where nobody sanctioned it: `low`, `medium`, `high`.
                 * @example medium
                 */
                risk?: string | null;
                /**
                 * @description Whether it may be used: by the settings `sanctioned_services`, `unsanctioned_services` and
                 *     `sanctioned_categories`.
                 */
                sanctioned: boolean;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_SettingRow: {
            data: {
                /** @description How many entries the list has; only of lists. */
                count?: number;
                /** @description The value when nobody gave another; null where it is secret. */
                default: unknown;
                /** @description What it does. */
                help: string;
                /**
                 * Format: int64
                 * @description The largest number.
                 */
                max?: number | null;
                /**
                 * Format: int64
                 * @description The smallest number.
                 */
                min?: number | null;
                /** @description The words to choose from; only where there are any. */
                options?: string[];
                /** @description Whether its value is never shown. */
                secret: boolean;
                /**
                 * @description Where it belongs.
                 * @example database
                 */
                section: string;
                /** @description Whether there is a value; only of secrets. */
                set?: boolean;
                /**
                 * @description Its name.
                 * @example log_retention_days
                 */
                setting_name: string;
                /** @description Its value; of a list the first 100 entries, null where it is secret or names clients to a masked reader. */
                setting_value: unknown;
                /** @description Where the value comes from: `default`, `file` (config.toml) or `database`. */
                source: string;
                /**
                 * @description `bool`, `int`, `text`, `choice` or `list`.
                 * @example int
                 */
                type: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_SeverityCounts: {
            data: ({
                /** @description Its start. */
                time: string;
            } & {
                [key: string]: number;
            })[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_Source: {
            data: {
                /** @description What its log can't show. */
                blind_spots: components["schemas"]["BlindSpot"][];
                /**
                 * Format: int64
                 * @description Open connections.
                 */
                connections?: number | null;
                /**
                 * Format: int64
                 * @description Lines and datagrams lost since the start.
                 */
                dropped: number;
                /**
                 * @description The format of its lines, as a spec; null while it is not known.
                 * @example squid
                 */
                format?: string | null;
                /** @description The machine whose log it is, where its lines name none. */
                host: string;
                /** @description How its lines come. */
                kind: components["schemas"]["SourceKind"];
                /**
                 * Format: int64
                 * @description Bytes of the file that are not stored yet.
                 */
                lag_bytes?: number | null;
                /**
                 * Format: double
                 * @description How long the oldest line has waited to be stored, in seconds, as far as that is known.
                 */
                lag_seconds: number;
                /**
                 * Format: date-time
                 * @description When a line was last stored; null where none was since the start.
                 */
                last_line_at?: string | null;
                /**
                 * Format: int64
                 * @description Bytes of the file.
                 */
                length_bytes?: number | null;
                /**
                 * Format: int64
                 * @description Lines stored or rejected since the start; null for files.
                 */
                lines?: number | null;
                /**
                 * Format: double
                 * @description Lines stored or rejected a second, of late; null for files.
                 */
                lines_per_second?: number | null;
                /**
                 * @description Where it listens.
                 * @example udp://0.0.0.0:5514
                 */
                listen?: string | null;
                /** @description The source's name. */
                name: string;
                /** @description The file. */
                path?: string | null;
                /**
                 * Format: int64
                 * @description Bytes of the file that are stored.
                 */
                position_bytes?: number | null;
                /** @description Why, where it is not `ok`. */
                reason?: string | null;
                /**
                 * Format: int64
                 * @description Datagrams and connections turned away since the start.
                 */
                refused: number;
                /**
                 * Format: int64
                 * @description Lines rejected since the start; null for files.
                 */
                rejected?: number | null;
                /** @description How it is doing. */
                state: components["schemas"]["SourceState"];
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_ThreatBucket: {
            data: {
                /** @description Rows that a rule of a category matched, by category; those without any are left out. */
                categories: {
                    [key: string]: number;
                };
                /**
                 * Format: int64
                 * @description Rows with a score from the threshold on.
                 */
                flagged: number;
                /**
                 * Format: int32
                 * @description The highest score.
                 */
                max_score: number;
                /** @description Its start, `YYYY-MM-DD HH:MM:SS` in UTC. */
                time: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Vec_Volume: {
            data: {
                /**
                 * Format: int64
                 * @description Rows.
                 */
                count: number;
                /**
                 * @description Its start.
                 * @example 2026-01-01T12:00:00Z
                 */
                time: string;
            }[];
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_Version: {
            /** @description Which Tidegate this is. */
            data: components["schemas"]["UpdateState"] & {
                /** @description Always `tidegate`. */
                name: string;
                /**
                 * @description What runs.
                 * @example 0.1.0
                 */
                version: string;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description A success with data. */
        Success_WafStats: {
            /** @description What the rules say of a window's rows. */
            data: {
                /**
                 * Format: double
                 * @description Mean entropy of what follows the origin, in bits per byte, over the rows that have enough of it; null where none
                 *     has. A window that doesn't end with hours is widened to them for this.
                 */
                avg_url_entropy?: number | null;
                /**
                 * Format: double
                 * @description How many of a hundred that is.
                 */
                block_rate_pct: number;
                /**
                 * Format: int64
                 * @description Rows with a score from the threshold on; null where no row was scored.
                 */
                flagged?: number | null;
                /**
                 * Format: int64
                 * @description Rows with the tag `high_entropy`.
                 */
                high_entropy_count: number;
                /**
                 * Format: int64
                 * @description Rows of the minute up to the end of the current ten seconds.
                 */
                requests_last_minute: number;
                /**
                 * Format: int64
                 * @description Rules that are applied.
                 */
                rules_loaded: number;
                /** @description Rows that were scored, by score. */
                score_histogram: components["schemas"]["ScoreCount"][];
                /** @description Categories of rules in blocked rows. */
                top_blocked_categories: components["schemas"]["KeyCount"][];
                /** @description Where most requests go: `host:port`. */
                top_destinations: components["schemas"]["KeyCount"][];
                /** @description The rules that matched most. */
                top_rules: components["schemas"]["RuleCount"][];
                /** @description The programs with most requests, by family. */
                top_user_agents: components["schemas"]["KeyCount"][];
                /**
                 * Format: int64
                 * @description Those that count as blocked.
                 */
                total_blocked: number;
                /**
                 * Format: int64
                 * @description Rows.
                 */
                total_requests: number;
            };
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
        };
        /** @description The numbers of the start page. */
        Summary: {
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            blocked_requests: number;
            /**
             * Format: int64
             * @description Bytes sent to clients, in the whole store.
             */
            bytes: number;
            /** @description What behaviour gave away and nobody has looked into yet. */
            findings: components["schemas"]["FindingsCount"];
            /** @description How the store is fed. */
            ingest: components["schemas"]["IngestRow"];
            /** @description The newest requests that were blocked. */
            recent_blocks: components["schemas"]["RecentBlock"][];
            /**
             * Format: int32
             * @description The security score as it was kept last: the setting `score_schedule` says when; `/api/security/score` asks anew.
             */
            security_score: number;
            /**
             * @description Requests by what makes them worth a look: the tags `ip_literal`, `unusual_port`, `dga`, `look_alike`,
             *     `double_extension`, `mime_mismatch`, and the categories of services of high risk that are not sanctioned.
             */
            threat_categories: components["schemas"]["ThreatCount"][];
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            today_blocked: number;
            /**
             * Format: int64
             * @description Rows since 00:00 UTC.
             */
            today_requests: number;
            /** @description Where most requests were blocked. */
            top_blocked: components["schemas"]["BlockedDestination"][];
            /** @description Who asked most. */
            top_clients: components["schemas"]["ClientCount"][];
            /**
             * Format: int64
             * @description Rows, in the whole store.
             */
            total_requests: number;
            /** @description What the rules say. */
            waf: components["schemas"]["WafStats"];
        };
        /** @description A password that was drawn, shown this once. */
        TemporaryPassword: {
            /**
             * Format: int64
             * @description The account's number.
             */
            id: number;
            /** @description To log in with once; it has to be changed then. */
            temporary_password: string;
            /** @description Its name. */
            username: string;
        };
        /** @description The body that says what is tried: one of the two. */
        TestBody: {
            /**
             * Format: int64
             * @description How far back rows are looked at [default: 24].
             */
            hours?: number | null;
            /** @description A regular expression, matched on the URL as rows show it, without regard to case. */
            regex?: string | null;
            /** @description One or more rules in SecLang. */
            rule?: string | null;
        };
        /** @description What was matched. */
        Tested: {
            /** @description Whether all rows of that time were looked at; false where time ran out. */
            complete: boolean;
            /** @description The newest of these. */
            examples: components["schemas"]["LogRow"][];
            /**
             * Format: int64
             * @description How far back.
             */
            hours: number;
            /**
             * Format: int64
             * @description Rows that were matched.
             */
            matched: number;
            /** @description The pattern that was tried; null where it was a rule. */
            regex?: string | null;
            /**
             * Format: int64
             * @description Rows that were looked at, newest first.
             */
            scanned: number;
            /**
             * Format: int64
             * @description Of the matched rows, those that the proxy let through.
             */
            would_block: number;
        };
        /** @description What the rules said of the rows of a bucket of time. */
        ThreatBucket: {
            /** @description Rows that a rule of a category matched, by category; those without any are left out. */
            categories: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Rows with a score from the threshold on.
             */
            flagged: number;
            /**
             * Format: int32
             * @description The highest score.
             */
            max_score: number;
            /** @description Its start, `YYYY-MM-DD HH:MM:SS` in UTC. */
            time: string;
        };
        /** @description Requests of a kind that is worth a look. */
        ThreatCount: {
            /**
             * @description A category of rules, a tag, or a category of services.
             * @example ip_literal
             */
            category: string;
            /**
             * Format: int64
             * @description Requests.
             */
            count: number;
        };
        /** @description What was changed. */
        TlsChanged: {
            /** @description Certificate and key, as they are now. */
            data: components["schemas"]["PairState"];
            /**
             * @description What was done.
             * @example Certificate stored
             */
            message: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /** @description What is worth knowing all the same: an expired certificate, one that waits for its key. */
            warnings: string[];
        };
        /** @description Certificates and keys, as they are. */
        TlsState: {
            /** @description Whether connections are served over TLS. */
            https: boolean;
            /** @description For HTTPS, and for syslog. */
            pairs: components["schemas"]["PairState"][];
        };
        /** @description The body that switches a category. */
        ToggleBody: {
            /** @description Its name. */
            category: string;
            /** @description Whether new rows are to be scored by its rules. */
            enabled: boolean;
        };
        /** @description A category that was switched. */
        Toggled: {
            /** @description Its name. */
            category: string;
            /** @description Whether new rows are scored by its rules. */
            enabled: boolean;
        };
        /** @description Tokens, at the top level. */
        Tokens: {
            /** @description For `Authorization: Bearer`. */
            access_token: string;
            /**
             * Format: int64
             * @description Seconds the access token is good.
             * @example 28800
             */
            expires_in: number;
            /** @description Whether the password has to be changed before anything else. */
            password_change_required: boolean;
            /** @description For `POST /api/auth/refresh`, once. */
            refresh_token: string;
            /** @example success */
            status: string;
            /** @example true */
            success: boolean;
            /**
             * @description Always `Bearer`.
             * @example Bearer
             */
            token_type: string;
        };
        /** @description What confirms a second factor. */
        TotpBody: {
            /**
             * @description The code the authenticator shows; without it a secret is drawn.
             * @example 123456
             */
            code?: string | null;
        };
        /** @description What turns a second factor off: either. */
        TotpEndBody: {
            /** @description A code. */
            code?: string | null;
            /** @description The password. */
            password?: string | null;
        };
        /** @description A second factor to be confirmed. */
        TotpOffer: {
            /**
             * @description For showing as a QR code.
             * @example otpauth://totp/Tidegate:ada?secret=…&issuer=Tidegate
             */
            otpauth_uri: string;
            /** @description For typing into an authenticator; shown this once. */
            secret: string;
        };
        /** @description Whether there is a second factor now. */
        TotpState: {
            /** @description Whether logging in takes a code. */
            totp: boolean;
        };
        /** @description Traffic per bucket: the arrays are as long as each other. */
        Traffic: {
            /** @description Requests that count as blocked. */
            blocked: number[];
            /** @description Bytes to clients. */
            inbound: number[];
            /** @description Starts of the buckets in UTC: `YYYY-MM-DD HH:MM`, `YYYY-MM-DD HH` or `YYYY-MM-DD`. */
            labels: string[];
            /** @description Bytes from clients; all null where no row of the period says them. */
            outbound: (number | null)[];
            /** @description Requests. */
            requests: number[];
        };
        /** @description Whether there is a newer Tidegate, as far as the operator had that asked. */
        UpdateState: {
            /**
             * Format: date-time
             * @description When that was found out.
             */
            checked_at?: string | null;
            /**
             * @description What runs.
             * @example 0.1.0
             */
            current_version: string;
            /** @description Where it is to be had. */
            download_url?: string | null;
            /** @description The newest release; null where nobody was asked, or nobody answered. */
            latest_version?: string | null;
            /** @description What is new in it. */
            release_notes?: string | null;
            /** @description Whether there is. */
            update_available: boolean;
        };
        /** @description With what, and for what, clients ask. */
        UserAgents: {
            /** @description Requests by program. */
            agents: components["schemas"]["AgentCount"][];
            /** @description Requests by method. */
            methods: components["schemas"]["NameCount"][];
            /** @description Requests by kind of service: what there is to tell where the log has no user agent. */
            service_types: components["schemas"]["NameCount"][];
        };
        /** @description What to change of an account; what is left out stays. */
        UserBody: {
            /** @description What to call its owner. */
            display_name?: string | null;
            /** @description Where to write to its owner. */
            email?: string | null;
            /** @description Whether it may come in; shutting it out ends all its logins. */
            enabled?: boolean | null;
            /** @description Whether it may read personal data while masking is on; an administrator grants it, and not to oneself. */
            pii_read?: boolean | null;
            /** @description `viewer`, `auditor` or `admin`; ends all its logins. */
            role?: string | null;
            /** @description The same in other words: `["pii:read"]` or `[]`, the scopes granted beyond the role. */
            scopes?: string[] | null;
            /** @description `system`, `light` or `dark`. */
            theme?: string | null;
        };
        /** @description An account. */
        UserRow: {
            /** @description Whether it may sign tokens of its own. */
            access_secret: boolean;
            /** @description When it was created. */
            created_at: string;
            /** @description What to call its owner; may be empty. */
            display_name: string;
            /** @description Where to write to its owner; may be empty. */
            email: string;
            /** @description Whether it may come in. */
            enabled: boolean;
            /**
             * Format: int64
             * @description Its number; never reused.
             */
            id: number;
            /** @description When its owner last logged in for a session or tokens. */
            last_login?: string | null;
            /** @description Whether the password has to be changed before anything else. */
            must_change_password: boolean;
            /** @description Whether it may read personal data while masking is on. */
            pii_read: boolean;
            /**
             * @description `viewer`, `auditor` or `admin`.
             * @example viewer
             */
            role: string;
            /**
             * @description `system`, `light` or `dark`.
             * @example system
             */
            theme: string;
            /** @description Whether logging in takes a code, too. */
            totp: boolean;
            /** @description Its name, to log in with. */
            username: string;
        };
        /** @description Which Tidegate this is. */
        Version: components["schemas"]["UpdateState"] & {
            /** @description Always `tidegate`. */
            name: string;
            /**
             * @description What runs.
             * @example 0.1.0
             */
            version: string;
        };
        /** @description Rows of an hour. */
        Volume: {
            /**
             * Format: int64
             * @description Rows.
             */
            count: number;
            /**
             * @description Its start.
             * @example 2026-01-01T12:00:00Z
             */
            time: string;
        };
        /** @description What the rules say of a window's rows. */
        WafStats: {
            /**
             * Format: double
             * @description Mean entropy of what follows the origin, in bits per byte, over the rows that have enough of it; null where none
             *     has. A window that doesn't end with hours is widened to them for this.
             */
            avg_url_entropy?: number | null;
            /**
             * Format: double
             * @description How many of a hundred that is.
             */
            block_rate_pct: number;
            /**
             * Format: int64
             * @description Rows with a score from the threshold on; null where no row was scored.
             */
            flagged?: number | null;
            /**
             * Format: int64
             * @description Rows with the tag `high_entropy`.
             */
            high_entropy_count: number;
            /**
             * Format: int64
             * @description Rows of the minute up to the end of the current ten seconds.
             */
            requests_last_minute: number;
            /**
             * Format: int64
             * @description Rules that are applied.
             */
            rules_loaded: number;
            /** @description Rows that were scored, by score. */
            score_histogram: components["schemas"]["ScoreCount"][];
            /** @description Categories of rules in blocked rows. */
            top_blocked_categories: components["schemas"]["KeyCount"][];
            /** @description Where most requests go: `host:port`. */
            top_destinations: components["schemas"]["KeyCount"][];
            /** @description The rules that matched most. */
            top_rules: components["schemas"]["RuleCount"][];
            /** @description The programs with most requests, by family. */
            top_user_agents: components["schemas"]["KeyCount"][];
            /**
             * Format: int64
             * @description Those that count as blocked.
             */
            total_blocked: number;
            /**
             * Format: int64
             * @description Rows.
             */
            total_requests: number;
        };
        /** @description What the rules say of a row; all null where it was not scored. */
        WafVerdict: {
            /** @description Categories of the matches. */
            categories: string[];
            /**
             * Format: int32
             * @description Sum of points.
             */
            score?: number | null;
            /** @description The worst severity of a match. */
            severity?: string | null;
        };
        /** @description One word. */
        Word: {
            /** @description Why it is not as it should be. */
            reason?: string | null;
            /** @description How it is. */
            status: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    analytics_domain_risk: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Domains: those that look wrong first, then new ones, most requests first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_RiskyDomain"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    analytics_file_extensions: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Extensions and categories, most requests first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_FileTypes"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    analytics_shadow_it: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Services, most requests first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_ServiceUse"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    analytics_top_domains: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Domains, most requests first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_DomainCount"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    analytics_user_agents: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Methods, kinds of service and programs, most requests first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_UserAgents"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    api_keys_list: {
        parameters: {
            query?: {
                /** @description Rows wanted at most; 100 unless given */
                limit?: number;
                /** @description Rows to skip */
                offset?: number;
                /** @description A `next_cursor` of the same question: the rows after it */
                cursor?: string;
                /** @description Page number, 1 upwards */
                page?: number;
                /** @description Rows of a page; 150 unless given */
                page_size?: number;
                /** @description A row's id or a `next_cursor`: the rows after that row in the order asked */
                cursor_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ApiKeyRow"];
                };
            };
        };
    };
    api_keys_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKeyBody"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_NewKey"];
                };
            };
        };
    };
    api_keys_access_secret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Drawn */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_AccessSecret"];
                };
            };
        };
    };
    api_keys_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The key's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Id"];
                };
            };
        };
    };
    archives_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archives */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_ArchiveRow"];
                };
            };
        };
    };
    archives_run: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun */
            202: {
                headers: {
                    /** @description The run */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Started"];
                };
            };
        };
    };
    archives_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its name */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    audit_list: {
        parameters: {
            query?: {
                /** @description Rows wanted at most; 100 unless given */
                limit?: number;
                /** @description Rows to skip */
                offset?: number;
                /** @description A `next_cursor` of the same question: the rows after it */
                cursor?: string;
                /** @description Page number, 1 upwards */
                page?: number;
                /** @description Rows of a page; 150 unless given */
                page_size?: number;
                /** @description A row's id or a `next_cursor`: the rows after that row in the order asked */
                cursor_id?: string;
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description The action, such as `logs.clear`, or all on a noun, `logs.*`; `!` negates */
                action?: string[];
                /** @description Who did it, without regard to case; `!` negates */
                username?: string[];
                /** @description What it was done to, without regard to case; `!` negates */
                target?: string[];
                /** @description Text in user, address, credential, action, target or details */
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_AuditEntryRow"];
                };
            };
        };
    };
    audit_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_AuditCheck"];
                };
            };
        };
    };
    auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginBody"];
            };
        };
        responses: {
            /** @description Tokens of a new login */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
        };
    };
    auth_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Me"];
                };
            };
        };
    };
    auth_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshBody"];
            };
        };
        responses: {
            /** @description The next tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
        };
    };
    totp_enrol: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpBody"];
            };
        };
        responses: {
            /** @description Turned on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_TotpState"];
                };
            };
            /** @description Drawn, to be confirmed */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_TotpOffer"];
                };
            };
        };
    };
    totp_remove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpEndBody"];
            };
        };
        responses: {
            /** @description Turned off */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_TotpState"];
                };
            };
        };
    };
    auth_change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordBody"];
            };
        };
        responses: {
            /** @description Changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_PasswordChanged"];
                };
            };
        };
    };
    charts_severity_timeline: {
        parameters: {
            query?: {
                /** @description How many hours, the current one last; 24 unless given */
                hours?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Hours by rising time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_SeverityCounts"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    charts_top_hosts: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Machines wanted; 10 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Machines, most rows first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_HostCount"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    charts_volume: {
        parameters: {
            query?: {
                /** @description How many hours, the current one last; 24 unless given */
                hours?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
                /** @description The machine whose log it is, without regard to case; `!` negates */
                host?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Hours by rising time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_Volume"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    check_update: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flat_UpdateState"];
                };
            };
        };
    };
    clients_statistics: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
                /** @description What is highest first; requests unless given */
                sort?: "requests" | "max_score";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Clients, most requests or highest score first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_ClientStatistics"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    clients_details: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The client's address or pseudonym */
                ip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The client */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_ClientDetails"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    config_effective: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is in force */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Effective"];
                };
            };
        };
    };
    dashboard_summary: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Summary"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    domains_statistics: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Domains, most requests first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_DomainRow"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    domains_details: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The domain, as rows show it */
                domain: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The domain */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_DomainDetails"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    export_csv: {
        parameters: {
            query?: {
                /** @description Client address or CIDR network, or what stands for one; `!` negates */
                client_ip?: string[];
                /** @description User name, without regard to case; `!` negates */
                user?: string[];
                /** @description Request method, without regard to case; `!` negates */
                method?: string[];
                /** @description Status code, 0 where no reply was sent; `!` negates */
                status_code?: string[];
                /** @description Status code, class (`4xx`) or result code (`TCP_DENIED`); `!` negates */
                status?: string[];
                /** @description `allowed`, `denied`, `origin_forbidden`, `auth_challenge`, `aborted`, `error`; `!` negates */
                outcome?: string[];
                /** @description Severity by name or number, 0 the worst; `!` negates */
                severity?: string[];
                /** @description This severity, by name or number, or worse */
                min_severity?: string;
                /** @description Name of the log source, without regard to case; `!` negates */
                source?: string[];
                /** @description Machine whose log it is, without regard to case; `!` negates */
                host?: string[];
                /** @description Part of the destination's `host:port`, without regard to case; `!` negates */
                destination?: string[];
                /** @description Registrable domain of the destination, or any name above its host; `!` negates */
                domain?: string[];
                /** @description Category of the destination's service, without regard to case; `!` negates */
                category?: string[];
                /** @description A tag of the row, without regard to case; `!` negates */
                tag?: string[];
                /** @description Words, or phrases in double quotes: each must be a part of URL, agent, referer or user, without regard to case */
                keyword?: string;
                /** @description Score of at least this */
                min_score?: number;
                /** @description Id of a rule that matched; `!` negates */
                rule?: string[];
                /** @description Category of a rule that matched, without regard to case; `!` negates */
                waf_category?: string[];
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Rows at most, the newest; 10,000 unless given, more only for administrators */
                max_rows?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows, newest first */
            200: {
                headers: {
                    /** @description How many rows match */
                    "X-Total-Count"?: number;
                    /** @description Whether the file holds fewer */
                    "X-Truncated"?: boolean;
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    export_json: {
        parameters: {
            query?: {
                /** @description Client address or CIDR network, or what stands for one; `!` negates */
                client_ip?: string[];
                /** @description User name, without regard to case; `!` negates */
                user?: string[];
                /** @description Request method, without regard to case; `!` negates */
                method?: string[];
                /** @description Status code, 0 where no reply was sent; `!` negates */
                status_code?: string[];
                /** @description Status code, class (`4xx`) or result code (`TCP_DENIED`); `!` negates */
                status?: string[];
                /** @description `allowed`, `denied`, `origin_forbidden`, `auth_challenge`, `aborted`, `error`; `!` negates */
                outcome?: string[];
                /** @description Severity by name or number, 0 the worst; `!` negates */
                severity?: string[];
                /** @description This severity, by name or number, or worse */
                min_severity?: string;
                /** @description Name of the log source, without regard to case; `!` negates */
                source?: string[];
                /** @description Machine whose log it is, without regard to case; `!` negates */
                host?: string[];
                /** @description Part of the destination's `host:port`, without regard to case; `!` negates */
                destination?: string[];
                /** @description Registrable domain of the destination, or any name above its host; `!` negates */
                domain?: string[];
                /** @description Category of the destination's service, without regard to case; `!` negates */
                category?: string[];
                /** @description A tag of the row, without regard to case; `!` negates */
                tag?: string[];
                /** @description Words, or phrases in double quotes: each must be a part of URL, agent, referer or user, without regard to case */
                keyword?: string;
                /** @description Score of at least this */
                min_score?: number;
                /** @description Id of a rule that matched; `!` negates */
                rule?: string[];
                /** @description Category of a rule that matched, without regard to case; `!` negates */
                waf_category?: string[];
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Rows at most, the newest; 10,000 unless given, more only for administrators */
                max_rows?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows, newest first */
            200: {
                headers: {
                    /** @description How many rows match */
                    "X-Total-Count"?: number;
                    /** @description Whether the file holds fewer */
                    "X-Truncated"?: boolean;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogRow"][];
                };
            };
        };
    };
    export_ndjson: {
        parameters: {
            query?: {
                /** @description Client address or CIDR network, or what stands for one; `!` negates */
                client_ip?: string[];
                /** @description User name, without regard to case; `!` negates */
                user?: string[];
                /** @description Request method, without regard to case; `!` negates */
                method?: string[];
                /** @description Status code, 0 where no reply was sent; `!` negates */
                status_code?: string[];
                /** @description Status code, class (`4xx`) or result code (`TCP_DENIED`); `!` negates */
                status?: string[];
                /** @description `allowed`, `denied`, `origin_forbidden`, `auth_challenge`, `aborted`, `error`; `!` negates */
                outcome?: string[];
                /** @description Severity by name or number, 0 the worst; `!` negates */
                severity?: string[];
                /** @description This severity, by name or number, or worse */
                min_severity?: string;
                /** @description Name of the log source, without regard to case; `!` negates */
                source?: string[];
                /** @description Machine whose log it is, without regard to case; `!` negates */
                host?: string[];
                /** @description Part of the destination's `host:port`, without regard to case; `!` negates */
                destination?: string[];
                /** @description Registrable domain of the destination, or any name above its host; `!` negates */
                domain?: string[];
                /** @description Category of the destination's service, without regard to case; `!` negates */
                category?: string[];
                /** @description A tag of the row, without regard to case; `!` negates */
                tag?: string[];
                /** @description Words, or phrases in double quotes: each must be a part of URL, agent, referer or user, without regard to case */
                keyword?: string;
                /** @description Score of at least this */
                min_score?: number;
                /** @description Id of a rule that matched; `!` negates */
                rule?: string[];
                /** @description Category of a rule that matched, without regard to case; `!` negates */
                waf_category?: string[];
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Rows at most, the newest; 10,000 unless given, more only for administrators */
                max_rows?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows, newest first */
            200: {
                headers: {
                    /** @description How many rows match */
                    "X-Total-Count"?: number;
                    /** @description Whether the file holds fewer */
                    "X-Truncated"?: boolean;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["LogRow"];
                };
            };
        };
    };
    findings_list: {
        parameters: {
            query?: {
                /** @description Rows wanted at most; 100 unless given */
                limit?: number;
                /** @description Rows to skip */
                offset?: number;
                /** @description A `next_cursor` of the same question: the rows after it */
                cursor?: string;
                /** @description Page number, 1 upwards */
                page?: number;
                /** @description Rows of a page; 150 unless given */
                page_size?: number;
                /** @description A row's id or a `next_cursor`: the rows after that row in the order asked */
                cursor_id?: string;
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description The name of a detector, without regard to case; `!` negates */
                detector?: string[];
                /** @description Severity by name or number, 0 the worst; `!` negates */
                severity?: string[];
                /** @description This severity, by name or number, or worse */
                min_severity?: string;
                /** @description `open` or `dismissed`; `!` negates */
                status?: string[];
                /** @description The client, as it is shown, without regard to case; `!` negates */
                client_ip?: string[];
                /** @description A part of the destination, without regard to case; `!` negates */
                destination?: string[];
                /** @description What to order by; last_seen where none is given */
                sort?: "last_seen" | "first_seen" | "severity";
                /** @description desc (default; the worst severity first) or asc */
                order?: "desc" | "asc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of findings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_FindingRow"];
                };
            };
        };
    };
    findings_detectors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every detector */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_DetectorRow"];
                };
            };
        };
    };
    findings_detail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The finding's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The finding */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_FindingDetail"];
                };
            };
        };
    };
    findings_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The finding's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FindingBody"];
            };
        };
        responses: {
            /** @description Noted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_FindingRow"];
                };
            };
        };
    };
    api_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All is well */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    jobs_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_JobInfo"];
                };
            };
        };
    };
    jobs_runs: {
        parameters: {
            query?: {
                /** @description Most runs of a page; 100 unless given */
                limit?: number;
                /** @description Runs before the page; 0 unless given */
                offset?: number;
                /** @description Runs of this job alone */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_JobRow"];
                };
            };
        };
    };
    jobs_detail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_JobRow"];
                };
            };
        };
    };
    jobs_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The job's name
                 * @example retention.rows
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun */
            202: {
                headers: {
                    /** @description The run */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Started"];
                };
            };
        };
    };
    license_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The licence */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_LicenseStatus"];
                };
            };
        };
    };
    lists_all: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lists */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_ListRow"];
                };
            };
        };
    };
    lists_entries: {
        parameters: {
            query?: {
                /** @description Rows wanted at most; 100 unless given */
                limit?: number;
                /** @description Rows to skip */
                offset?: number;
                /** @description A `next_cursor` of the same question: the rows after it */
                cursor?: string;
                /** @description Page number, 1 upwards */
                page?: number;
                /** @description Rows of a page; 150 unless given */
                page_size?: number;
                /** @description A row's id or a `next_cursor`: the rows after that row in the order asked */
                cursor_id?: string;
                /** @description Text in an entry, without regard to ASCII case */
                q?: string;
            };
            header?: never;
            path: {
                /** @description The list's name */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_EntryRow"];
                };
            };
        };
    };
    lists_import: {
        parameters: {
            query?: {
                /** @description What becomes of the entries there are; `append` unless given */
                mode?: "append" | "replace";
                /** @description Whether one bad line leaves the list as it is */
                strict?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The list's name */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/plain": string;
            };
        };
        responses: {
            /** @description Imported */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Imported"];
                };
            };
        };
    };
    auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_LoggedOut"];
                };
            };
        };
    };
    logs_list: {
        parameters: {
            query?: {
                /** @description Rows wanted at most; 100 unless given */
                limit?: number;
                /** @description Rows to skip */
                offset?: number;
                /** @description A `next_cursor` of the same question: the rows after it */
                cursor?: string;
                /** @description Page number, 1 upwards */
                page?: number;
                /** @description Rows of a page; 150 unless given */
                page_size?: number;
                /** @description A row's id or a `next_cursor`: the rows after that row in the order asked */
                cursor_id?: string;
                /** @description What rows are sorted by; `timestamp` unless given */
                sort?: "timestamp" | "source_ip" | "destination" | "status" | "bytes" | "method" | "host" | "severity" | "message";
                /** @description The same as `sort` */
                sort_column?: "timestamp" | "source_ip" | "destination" | "status" | "bytes" | "method" | "host" | "severity" | "message";
                /** @description Direction; `desc` unless given */
                order?: "desc" | "asc";
                /** @description The same as `order` */
                sort_direction?: "desc" | "asc";
                /** @description Client address or CIDR network, or what stands for one; `!` negates */
                client_ip?: string[];
                /** @description User name, without regard to case; `!` negates */
                user?: string[];
                /** @description Request method, without regard to case; `!` negates */
                method?: string[];
                /** @description Status code, 0 where no reply was sent; `!` negates */
                status_code?: string[];
                /** @description Status code, class (`4xx`) or result code (`TCP_DENIED`); `!` negates */
                status?: string[];
                /** @description `allowed`, `denied`, `origin_forbidden`, `auth_challenge`, `aborted`, `error`; `!` negates */
                outcome?: string[];
                /** @description Severity by name or number, 0 the worst; `!` negates */
                severity?: string[];
                /** @description This severity, by name or number, or worse */
                min_severity?: string;
                /** @description Name of the log source, without regard to case; `!` negates */
                source?: string[];
                /** @description Machine whose log it is, without regard to case; `!` negates */
                host?: string[];
                /** @description Part of the destination's `host:port`, without regard to case; `!` negates */
                destination?: string[];
                /** @description Registrable domain of the destination, or any name above its host; `!` negates */
                domain?: string[];
                /** @description Category of the destination's service, without regard to case; `!` negates */
                category?: string[];
                /** @description A tag of the row, without regard to case; `!` negates */
                tag?: string[];
                /** @description Words, or phrases in double quotes: each must be a part of URL, agent, referer or user, without regard to case */
                keyword?: string;
                /** @description Score of at least this */
                min_score?: number;
                /** @description Id of a rule that matched; `!` negates */
                rule?: string[];
                /** @description Category of a rule that matched, without regard to case; `!` negates */
                waf_category?: string[];
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_LogRow"];
                };
            };
        };
    };
    clear: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cleared */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    clear_old: {
        parameters: {
            query?: {
                /** @description How many days to keep; the setting `log_retention_days` unless given */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description `days`, unless it is in the query */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetentionBody"] | null;
            };
        };
        responses: {
            /** @description Cleared */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Done"];
                };
            };
        };
    };
    logs_live: {
        parameters: {
            query?: {
                /** @description The `id` of an event of the same question: the rows stored after it; the header `Last-Event-ID` wins */
                cursor?: string;
                /** @description Client address or CIDR network, or what stands for one; `!` negates */
                client_ip?: string[];
                /** @description User name, without regard to case; `!` negates */
                user?: string[];
                /** @description Request method, without regard to case; `!` negates */
                method?: string[];
                /** @description Status code, 0 where no reply was sent; `!` negates */
                status_code?: string[];
                /** @description Status code, class (`4xx`) or result code (`TCP_DENIED`); `!` negates */
                status?: string[];
                /** @description `allowed`, `denied`, `origin_forbidden`, `auth_challenge`, `aborted`, `error`; `!` negates */
                outcome?: string[];
                /** @description Severity by name or number, 0 the worst; `!` negates */
                severity?: string[];
                /** @description This severity, by name or number, or worse */
                min_severity?: string;
                /** @description Name of the log source, without regard to case; `!` negates */
                source?: string[];
                /** @description Machine whose log it is, without regard to case; `!` negates */
                host?: string[];
                /** @description Part of the destination's `host:port`, without regard to case; `!` negates */
                destination?: string[];
                /** @description Registrable domain of the destination, or any name above its host; `!` negates */
                domain?: string[];
                /** @description Category of the destination's service, without regard to case; `!` negates */
                category?: string[];
                /** @description A tag of the row, without regard to case; `!` negates */
                tag?: string[];
                /** @description Words, or phrases in double quotes: each must be a part of URL, agent, referer or user, without regard to case */
                keyword?: string;
                /** @description Score of at least this */
                min_score?: number;
                /** @description Id of a rule that matched; `!` negates */
                rule?: string[];
                /** @description Category of a rule that matched, without regard to case; `!` negates */
                waf_category?: string[];
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Totals */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_LogStats"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    timeline: {
        parameters: {
            query?: {
                /** @description How many hours, the current one last; 24 unless given */
                hours?: number;
                /** @description How many days, today last, in buckets of a day; instead of `hours` */
                days?: number;
                /** @description Width of a bucket; `1h` unless given */
                resolution?: "5m" | "1h" | "1d";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Buckets by rising time, gaps filled with zeros */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_Bucket"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    detail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The row's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The row */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_LogDetail"];
                };
            };
        };
    };
    analyze: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_JobRow"];
                };
            };
            /** @description Begun */
            202: {
                headers: {
                    /** @description The run */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Started"];
                };
            };
        };
    };
    rebuild_stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_JobRow"];
                };
            };
            /** @description Begun */
            202: {
                headers: {
                    /** @description The run */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Started"];
                };
            };
        };
    };
    vacuum: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done: `result.reclaimed_mb` says how many MiB it gave back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_JobRow"];
                };
            };
            /** @description Begun */
            202: {
                headers: {
                    /** @description The run */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Started"];
                };
            };
        };
    };
    document: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
        };
    };
    privacy_erase: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EraseBody"];
            };
        };
        responses: {
            /** @description Erased */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Erasure"];
                };
            };
        };
    };
    privacy_export: {
        parameters: {
            query?: {
                /** @description The person's client address, or its pseudonym */
                client?: string;
                /** @description The person's user name, or its pseudonym; not beside `client` */
                user?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["LogDetail"];
                };
            };
        };
    };
    privacy_reveal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevealBody"];
            };
        };
        responses: {
            /** @description What it stands for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Revealed"];
                };
            };
            /** @description The request waits for a second person */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_RevealRow"];
                };
            };
        };
    };
    privacy_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Approved */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_RevealRow"];
                };
            };
        };
    };
    privacy_reveals: {
        parameters: {
            query?: {
                /** @description Rows wanted at most; 100 unless given */
                limit?: number;
                /** @description Rows to skip */
                offset?: number;
                /** @description A `next_cursor` of the same question: the rows after it */
                cursor?: string;
                /** @description Page number, 1 upwards */
                page?: number;
                /** @description Rows of a page; 150 unless given */
                page_size?: number;
                /** @description A row's id or a `next_cursor`: the rows after that row in the order asked */
                cursor_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of requests */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_RevealRow"];
                };
            };
        };
    };
    rejects_list: {
        parameters: {
            query?: {
                /** @description Rows wanted at most; 100 unless given */
                limit?: number;
                /** @description Rows to skip */
                offset?: number;
                /** @description A `next_cursor` of the same question: the rows after it */
                cursor?: string;
                /** @description Page number, 1 upwards */
                page?: number;
                /** @description Rows of a page; 150 unless given */
                page_size?: number;
                /** @description A row's id or a `next_cursor`: the rows after that row in the order asked */
                cursor_id?: string;
                /** @description The name of the source, without regard to case; `!` negates */
                source?: string[];
                /** @description Why it was rejected, such as `bad_time`; `!` negates */
                reason?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of rejected lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectListing"];
                };
            };
        };
    };
    rejects_reimport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReimportBody"];
            };
        };
        responses: {
            /** @description Read again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Reimported"];
                };
            };
        };
    };
    reload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In force */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Reloaded"];
                };
            };
        };
    };
    preview: {
        parameters: {
            query?: {
                /** @description How many days to keep; the setting `log_retention_days` unless given */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many rows would go */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flat_RetentionPreview"];
                };
            };
        };
    };
    rate_limits_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The peers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Described_Vec_BlockedRow_LimitsMeta"];
                };
            };
        };
    };
    rate_limits_clear: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The address as the list shows it */
                ip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
    security_score: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The score */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_ScoreBody"];
                };
            };
        };
    };
    services_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The service's name, without regard to case */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceBody"];
            };
        };
        responses: {
            /** @description Decided */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_ServiceRow"];
                };
            };
        };
    };
    settings_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_SettingRow"];
                };
            };
        };
    };
    settings_set_several: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Values by setting */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Vec_SettingRow"];
                };
            };
        };
    };
    settings_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The setting's name */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingBody"];
            };
        };
        responses: {
            /** @description Set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Vec_SettingRow"];
                };
            };
        };
    };
    settings_set_section: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The section, such as `email`, `notifications` or `database` */
                name: string;
            };
            cookie?: never;
        };
        /** @description Values by setting */
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Vec_SettingRow"];
                };
            };
        };
    };
    settings_reset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The setting's name */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reset */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Vec_SettingRow"];
                };
            };
        };
    };
    sources_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every source */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_Source"];
                };
            };
        };
    };
    server_stats: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts; the fields stand at the top level, too */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flat_ServerStats"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Status"];
                };
            };
        };
    };
    tls_cert_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Certificates */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_TlsState"];
                };
            };
        };
    };
    tls_cert_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CertBody"];
            };
        };
        responses: {
            /** @description Stored */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TlsChanged"];
                };
            };
        };
    };
    delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CertDeleteBody"] | null;
            };
        };
        responses: {
            /** @description Deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TlsChanged"];
                };
            };
        };
    };
    generate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["GenerateBody"] | null;
            };
        };
        responses: {
            /** @description Made */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TlsChanged"];
                };
            };
        };
    };
    traffic_statistics: {
        parameters: {
            query?: {
                /** @description 12 buckets of five minutes, 24 of an hour, 7 or 30 of a day */
                period?: "hour" | "day" | "week" | "month";
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Buckets by rising time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Traffic"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    users_list: {
        parameters: {
            query?: {
                /** @description Rows wanted at most; 100 unless given */
                limit?: number;
                /** @description Rows to skip */
                offset?: number;
                /** @description A `next_cursor` of the same question: the rows after it */
                cursor?: string;
                /** @description Page number, 1 upwards */
                page?: number;
                /** @description Rows of a page; 150 unless given */
                page_size?: number;
                /** @description A row's id or a `next_cursor`: the rows after that row in the order asked */
                cursor_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of accounts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_UserRow"];
                };
            };
        };
    };
    users_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUserBody"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_NewUser"];
                };
            };
        };
    };
    users_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_UserRow"];
                };
            };
        };
    };
    users_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserBody"];
            };
        };
        responses: {
            /** @description Changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_UserRow"];
                };
            };
        };
    };
    users_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Id"];
                };
            };
        };
    };
    users_reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account's number */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Reset */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_TemporaryPassword"];
                };
            };
        };
    };
    version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Version"];
                };
            };
        };
    };
    waf_categories: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Categories by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_CategoryRow"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    waf_categories_toggle: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ToggleBody"];
            };
        };
        responses: {
            /** @description Switched */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_Toggled"];
                };
            };
        };
    };
    waf_rescore: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun */
            202: {
                headers: {
                    /** @description The run */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Started"];
                };
            };
        };
    };
    waf_rules: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rules by id */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_RuleRow"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    waf_rule: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The rule's id */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rule */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_RuleRow"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    waf_score: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScoredRequest"];
            };
        };
        responses: {
            /** @description The verdict */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Scored"];
                };
            };
        };
    };
    waf_stats: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The numbers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_WafStats"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    waf_test_rule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestBody"];
            };
        };
        responses: {
            /** @description What it matched */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Tested"];
                };
            };
        };
    };
    waf_timeline: {
        parameters: {
            query?: {
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Entries wanted of each array; 50 unless given */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Buckets by rising time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_Vec_ThreatBucket"];
                };
            };
            /** @description As the client has it already */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    archives_download: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its name */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-tar": number[];
                };
            };
        };
    };
    export_csv_link: {
        parameters: {
            query?: {
                /** @description Client address or CIDR network, or what stands for one; `!` negates */
                client_ip?: string[];
                /** @description User name, without regard to case; `!` negates */
                user?: string[];
                /** @description Request method, without regard to case; `!` negates */
                method?: string[];
                /** @description Status code, 0 where no reply was sent; `!` negates */
                status_code?: string[];
                /** @description Status code, class (`4xx`) or result code (`TCP_DENIED`); `!` negates */
                status?: string[];
                /** @description `allowed`, `denied`, `origin_forbidden`, `auth_challenge`, `aborted`, `error`; `!` negates */
                outcome?: string[];
                /** @description Severity by name or number, 0 the worst; `!` negates */
                severity?: string[];
                /** @description This severity, by name or number, or worse */
                min_severity?: string;
                /** @description Name of the log source, without regard to case; `!` negates */
                source?: string[];
                /** @description Machine whose log it is, without regard to case; `!` negates */
                host?: string[];
                /** @description Part of the destination's `host:port`, without regard to case; `!` negates */
                destination?: string[];
                /** @description Registrable domain of the destination, or any name above its host; `!` negates */
                domain?: string[];
                /** @description Category of the destination's service, without regard to case; `!` negates */
                category?: string[];
                /** @description A tag of the row, without regard to case; `!` negates */
                tag?: string[];
                /** @description Words, or phrases in double quotes: each must be a part of URL, agent, referer or user, without regard to case */
                keyword?: string;
                /** @description Score of at least this */
                min_score?: number;
                /** @description Id of a rule that matched; `!` negates */
                rule?: string[];
                /** @description Category of a rule that matched, without regard to case; `!` negates */
                waf_category?: string[];
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Rows at most, the newest; 10,000 unless given, more only for administrators */
                max_rows?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows, newest first */
            200: {
                headers: {
                    /** @description How many rows match */
                    "X-Total-Count"?: number;
                    /** @description Whether the file holds fewer */
                    "X-Truncated"?: boolean;
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    export_json_link: {
        parameters: {
            query?: {
                /** @description Client address or CIDR network, or what stands for one; `!` negates */
                client_ip?: string[];
                /** @description User name, without regard to case; `!` negates */
                user?: string[];
                /** @description Request method, without regard to case; `!` negates */
                method?: string[];
                /** @description Status code, 0 where no reply was sent; `!` negates */
                status_code?: string[];
                /** @description Status code, class (`4xx`) or result code (`TCP_DENIED`); `!` negates */
                status?: string[];
                /** @description `allowed`, `denied`, `origin_forbidden`, `auth_challenge`, `aborted`, `error`; `!` negates */
                outcome?: string[];
                /** @description Severity by name or number, 0 the worst; `!` negates */
                severity?: string[];
                /** @description This severity, by name or number, or worse */
                min_severity?: string;
                /** @description Name of the log source, without regard to case; `!` negates */
                source?: string[];
                /** @description Machine whose log it is, without regard to case; `!` negates */
                host?: string[];
                /** @description Part of the destination's `host:port`, without regard to case; `!` negates */
                destination?: string[];
                /** @description Registrable domain of the destination, or any name above its host; `!` negates */
                domain?: string[];
                /** @description Category of the destination's service, without regard to case; `!` negates */
                category?: string[];
                /** @description A tag of the row, without regard to case; `!` negates */
                tag?: string[];
                /** @description Words, or phrases in double quotes: each must be a part of URL, agent, referer or user, without regard to case */
                keyword?: string;
                /** @description Score of at least this */
                min_score?: number;
                /** @description Id of a rule that matched; `!` negates */
                rule?: string[];
                /** @description Category of a rule that matched, without regard to case; `!` negates */
                waf_category?: string[];
                /** @description Start of the window, included: RFC 3339, `YYYY-MM-DD HH:MM:SS` (UTC), `24h`, `7d` */
                from?: string;
                /** @description End of the window, excluded */
                to?: string;
                /** @description The same as `from` */
                since?: string;
                /** @description The same as `to` */
                until?: string;
                /** @description The same as `from` */
                start_date?: string;
                /** @description The same as `to` */
                end_date?: string;
                /** @description The last hours, up to now; not beside `from` or `to` */
                hours?: number;
                /** @description The last days, up to now; not beside `from` or `to` */
                days?: number;
                /** @description Rows at most, the newest; 10,000 unless given, more only for administrators */
                max_rows?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows, newest first */
            200: {
                headers: {
                    /** @description How many rows match */
                    "X-Total-Count"?: number;
                    /** @description Whether the file holds fewer */
                    "X-Truncated"?: boolean;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogRow"][];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All is well */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process answers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Word"];
                };
            };
        };
    };
    session_begin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionBody"];
                "application/x-www-form-urlencoded": components["schemas"]["SessionBody"];
            };
        };
        responses: {
            /** @description Logged in */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success_SessionStarted"];
                };
            };
            /** @description Logged in by a form, on to `next` */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    session_end: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed_LoggedOut"];
                };
            };
            /** @description Logged out by a form, on to the login page */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The databases can be read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Word"];
                };
            };
        };
    };
    restart_server: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It restarts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
        };
    };
}
