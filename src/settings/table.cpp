#include "settings/read_value.hpp"
#include "settings/setting.hpp"

#include <array>

namespace pofetch::settings {

namespace {

using texts = std::vector<std::string>;

constexpr unsigned bit(command which) { return 1U << static_cast<unsigned>(which); }
constexpr unsigned run_only = bit(command::run) | bit(command::work);
constexpr unsigned fetching = run_only | bit(command::plan);
constexpr unsigned report_only = bit(command::report);
/// What asks and tells the nodes of a batch.
constexpr unsigned telling = bit(command::pause) | bit(command::resume) | bit(command::stop);
constexpr unsigned of_nodes = run_only | telling | bit(command::status) | bit(command::verify) | report_only;
constexpr unsigned login_only = bit(command::login);
constexpr unsigned doctor_only = bit(command::doctor);
constexpr unsigned serve_only = bit(command::serve);
constexpr unsigned submit_only = bit(command::submit);
constexpr unsigned remote = submit_only | bit(command::watch);
/// Also what is only looked at.
constexpr unsigned looking = fetching | doctor_only;
constexpr unsigned reaching = looking | login_only;
constexpr unsigned signing = fetching | login_only;
/// What an object store has to do with.
constexpr unsigned storing = run_only | bit(command::verify);
constexpr unsigned talking = fetching | bit(command::verify) | login_only | remote;
/// Options of a batch, wherever it runs.
constexpr unsigned of_batch = fetching | submit_only;

/// Ties a setting to the member that `Get` names; the member's type decides how it is read and shown.
template <class Get>
constexpr setting tied(setting base, Get) {
  base.apply = [](const texts& values, options& into) -> result<void> {
    return read_value(values.back(), Get{}(into));
  };
  base.show = [](const options& from) { return texts{show_value(Get{}(from))}; };
  return base;
}

/// The same for lists of texts or paths.
template <class Get>
constexpr setting tied_list(setting base, Get) {
  base.kind = setting_kind::list;
  base.apply = [](const texts& values, options& into) -> result<void> {
    Get{}(into).assign(values.begin(), values.end());
    return {};
  };
  base.show = [](const options& from) {
    texts all;
    for (const auto& each : Get{}(from)) all.push_back(show_value(each));
    return all;
  };
  return base;
}

constexpr setting text(std::string_view name, std::string_view group, std::string_view value,
                       std::string_view help, unsigned commands, std::string_view preset = {}) {
  return {.name = name,
          .group = group,
          .value = value,
          .help = help,
          .preset = preset,
          .kind = setting_kind::text,
          .commands = commands};
}

constexpr setting number(std::string_view name, std::string_view group, std::string_view help,
                         std::string_view preset = {}, unsigned commands = looking) {
  return {.name = name,
          .group = group,
          .value = "N",
          .help = help,
          .preset = preset,
          .kind = setting_kind::number,
          .commands = commands};
}

constexpr setting boolean(std::string_view name, std::string_view group, std::string_view help,
                          unsigned commands) {
  return {.name = name,
          .group = group,
          .value = {},
          .help = help,
          .preset = {},
          .kind = setting_kind::boolean,
          .commands = commands};
}

constexpr setting splitting(setting base, char separator) {
  base.separator = separator;
  return base;
}

constexpr setting hidden(setting base) {
  base.secret = true;
  return base;
}

constexpr setting masked(setting base) {
  base.address = true;
  return base;
}

constexpr std::string_view what = "What and where";
constexpr std::string_view list = "Reading the list";
constexpr std::string_view sign_in = "Signing in";
constexpr std::string_view speed = "Speed";
constexpr std::string_view trouble = "Time limits and failures";
constexpr std::string_view files = "Files";
constexpr std::string_view company = "Company network";
constexpr std::string_view security = "Security";
constexpr std::string_view screen = "Screen, log and configuration";
constexpr std::string_view machines = "Many machines";
constexpr std::string_view service_group = "The service";
constexpr std::string_view remote_group = "A batch at a service";

constexpr setting hash_setting() {
  setting hash = text("hash", files, "sha256|none", "Digest computed while streaming.", of_batch);
  hash.apply = [](const texts& values, options& into) {
    return read_hash(values.back(), into.batch.pool.hash);
  };
  hash.show = [](const options& from) { return texts{show_hash(from.batch.pool.hash)}; };
  return hash;
}

constexpr setting refresh_setting() {
  setting refresh = text(
      "refresh", what, "[AGE]",
      "Also look at finished orders again, all or those last looked at longer ago than AGE (7d, 12h): what "
      "is new or replaced is fetched, what is there stays.",
      run_only | submit_only, "off");
  refresh.kind = setting_kind::option;
  refresh.apply = [](const texts& values, options& into) {
    return read_refresh(values.back(), into.batch.pool.refresh);
  };
  refresh.show = [](const options& from) { return texts{show_refresh(from.batch.pool.refresh)}; };
  return refresh;
}

/// A file for `report`, an address for `submit`.
constexpr setting to_setting() {
  setting to =
      text("to", what, "FILE",
           "The report to write: .csv, .json, .jsonl or .xlsx. Of submit: the service, https://HOST, "
           "http://127.0.0.1:PORT or unix:PATH.",
           report_only | submit_only);
  to.apply = [](const texts& values, options& into) -> result<void> {
    into.report_to = into.remote.address = values.back();
    return {};
  };
  to.show = [](const options& from) { return texts{from.report_to.string()}; };
  return to;
}

constexpr setting verbose_setting() {
  setting verbose =
      boolean("verbose", screen, "Log what happens to standard error; twice: everything.", fetching | remote);
  verbose.kind = setting_kind::counter;
  verbose.preset = "0";
  return tied(
      verbose, [](auto& o) -> auto& { return o.verbose; });
}

constexpr std::array what_and_where{
    tied(
        text("out", what, "DIR",
             "Folder for the files, the report and the state, made if need be; or s3://BUCKET/PREFIX.",
             looking),
        [](auto& o) -> auto& { return o.batch.out; }),
    tied(
        text("state", what, "DIR", "With files in an object store: local folder for the state.",
             storing | bit(command::status) | report_only),
        [](auto& o) -> auto& { return o.batch.objects.state; }),
    tied(
        masked(text("s3-endpoint", what, "URL", "The object store: https://HOST[:PORT].", storing, "AWS")),
        [](auto& o) -> auto& { return o.batch.objects.endpoint; }),
    tied(
        text("s3-region", what, "NAME", "Its region.", storing,
             "from AWS_REGION or the profile, else us-east-1"),
        [](auto& o) -> auto& { return o.batch.objects.region; }),
    tied(
        text("spool", what, "DIR", "Local folder for what is on its way to the object store.", run_only,
             "one in the folder for temporary files"),
        [](auto& o) -> auto& { return o.batch.objects.spool; }),
    tied(
        masked(text("base-url", what, "URL", "The instance: https://<tenant>.coupahost.com", reaching)),
        [](auto& o) -> auto& { return o.batch.base_url; }),
    tied(
        text("order", what, "NUMBER",
             "A purchase order that is read for a test; for the source api one is found without.",
             doctor_only),
        [](auto& o) -> auto& { return o.po_number; }),
    tied(
        text("source", what, "auto|web|api|manifest", "Where attachments are looked up.", looking,
             "manifest if the list has a url column, else web"),
        [](auto& o) -> auto& { return o.batch.source; }),
    refresh_setting(),
    tied_list(
        text("report", what, "FILE", "One more report, .csv, .json, .jsonl or .xlsx. May be repeated.",
             run_only),
        [](auto& o) -> auto& { return o.reports; }),
    to_setting(),
};

constexpr std::array reading{
    tied(
        text("sheet", list, "NAME", "Sheet of a workbook: its name, or its number from 1.", of_batch,
             "the first that is not hidden"),
        [](auto& o) -> auto& { return o.batch.sheet; }),
    tied(
        boolean(
            "visible-rows", list,
            "Leave out the rows of a workbook that are hidden, by hand, by a filter or in a closed group.",
            fetching),
        [](auto& o) -> auto& { return o.batch.visible_rows; }),
    tied(
        text("po-column", list, "NAME", "Column of the PO numbers.", of_batch, "found by its name"),
        [](auto& o) -> auto& { return o.batch.po_column; }),
    tied(
        text("supplier-column", list, "NAME", "Column of the suppliers.", of_batch, "found by its name"),
        [](auto& o) -> auto& { return o.batch.supplier_column; }),
    splitting(
        tied_list(
            text("folder-columns", list, "A,B", "Columns whose values become folders above the PO's own.",
                 of_batch, "those right of one headed <|>"),
            [](auto& o) -> auto& { return o.batch.folder_columns; }),
        ','),
    tied(
        boolean("all", list, "In place of INPUT: all orders that the instance shows (source api).", fetching),
        [](auto& o) -> auto& { return o.batch.all; }),
    tied(
        text("since", list, "DATE", "With --all: only orders changed after that: 2026-01-31.", fetching),
        [](auto& o) -> auto& { return o.batch.since; }),
    splitting(tied_list(
                  text("query", list, "K=V",
                       "With --all: a condition as the API takes it, such as status=issued. May be repeated.",
                       fetching),
                  [](auto& o) -> auto& { return o.batch.query; }),
              '\n'),
};

constexpr std::array signing_in{
    tied(
        text("cookies", sign_in, "FILE",
             "Session cookies: Netscape cookies.txt or JSON. Renewed values are written back. "
             "A Cookie header can be given in POFETCH_COOKIE instead.",
             looking),
        [](auto& o) -> auto& { return o.batch.cookie_file; }),
    tied(
        text("on-expiry", sign_in, "exit|wait|login",
             "When the session ends in mid-run: end with 3, wait until the file of --cookies has a new "
             "one, or sign in again with a browser, as pofetch login does.",
             fetching),
        [](auto& o) -> auto& { return o.batch.on_expiry; }),
    tied(
        text("save", sign_in, "FILE", "Where the session's cookies are written, for you alone (mode 0600).",
             login_only),
        [](auto& o) -> auto& { return o.save; }),
    tied(
        text("driver", sign_in, "PATH", "The browser's driver: chromedriver, msedgedriver or geckodriver.",
             signing, "found on PATH and in the usual places"),
        [](auto& o) -> auto& { return o.driver; }),
    tied(
        text("browser", sign_in, "NAME", "chrome, chromium, edge, firefox, or the path of its program.",
             signing, "the first whose driver is there"),
        [](auto& o) -> auto& { return o.browser; }),
    tied(
        boolean("headless", sign_in, "Without a window: for a sign-in that needs no person.", signing),
        [](auto& o) -> auto& { return o.headless; }),
    tied(
        text("timeout", sign_in, "TIME", "For the whole sign-in, the person's part included.", login_only),
        [](auto& o) -> auto& { return o.sign_in_timeout; }),
    tied(
        text("client-id", sign_in, "ID",
             "OAuth2 client for the source api. Its secret comes from POFETCH_CLIENT_SECRET, a file or a "
             "command. Without a client, an API key from POFETCH_API_KEY is used.",
             looking),
        [](auto& o) -> auto& { return o.batch.client_id; }),
    tied(
        text("client-secret-file", sign_in, "FILE", "Its first line is the secret of the client.", looking),
        [](auto& o) -> auto& { return o.batch.client_secret_file; }),
    tied(
        text("secret-command", sign_in, "CMD",
             "Prints the secret of the client in its first line. Run directly, not by a shell.", looking),
        [](auto& o) -> auto& { return o.batch.secret_command; }),
    tied(
        text("scope", sign_in, "SCOPES",
             "What the access token is asked for, separated by spaces. With serve --new-token: what the "
             "token may do, "
             "read, submit, metrics, admin, separated by commas.",
             looking | serve_only),
        [](auto& o) -> auto& { return o.batch.scope; }),
    tied(
        text("token-wait", sign_in, "TIME", "A new access token is not used before it is so old.", looking),
        [](auto& o) -> auto& { return o.batch.token_wait; }),
    hidden(
        splitting(tied_list(
                      text("header", sign_in, "'K: V'",
                           "Added to every request to the instance's own origin. May be repeated.", looking),
                      [](auto& o) -> auto& { return o.batch.headers; }),
                  '\n')),
};

constexpr std::array how_fast{
    tied(
        number("workers", speed, "POs handled at the same time.", {}, looking | submit_only),
        [](auto& o) -> auto& { return o.batch.pool.workers; }),
    tied(
        number("max-concurrent", speed, "Downloads at the same time within one PO.", {},
               looking | submit_only),
        [](auto& o) -> auto& { return o.batch.pool.max_concurrent; }),
    tied(
        number("max-connections", speed, "Connections, and so requests in flight, in the whole run."),
        [](auto& o) -> auto& { return o.batch.pool.max_connections; }),
    tied(
        number("io-threads", speed, "Threads for network work; 0 takes the default.",
               "the smaller of 2 and the number of cores"),
        [](auto& o) -> auto& { return o.batch.pool.io_threads; }),
    tied(
        boolean("adaptive", speed,
                "Fewer in flight, and slower, where 429, 503 or waits show that it is too much; "
                "--no-adaptive turns it off.",
                fetching),
        [](auto& o) -> auto& { return o.batch.pool.adaptive; }),
    tied(
        text("requests-per-second", speed, "R",
             "Ceiling on requests started, whole run; 0 takes the default.", looking,
             "25 for the source api, else none"),
        [](auto& o) -> auto& { return o.batch.pool.requests_per_second; }),
    tied(
        text("limit-rate", speed, "BYTES", "Ceiling on bytes per second, whole run: 500k, 1.5M, 1G.",
             looking),
        [](auto& o) -> auto& { return o.batch.pool.limit_rate; }),
};

constexpr std::array many_machines{
    tied(
        text("ledger", machines, "URL",
             "Keep the ledger in PostgreSQL, for many machines on one batch: postgresql://[USER@]HOST/DB. A "
             "password comes "
             "from PGPASSFILE or in POFETCH_LEDGER, never from here.",
             of_nodes, "a file in the output folder"),
        [](auto& o) -> auto& { return o.batch.nodes.address; }),
    tied(
        text("batch", machines, "NAME", "Several batches live in one database.", of_nodes,
             "name of the list's file; without a list the only one"),
        [](auto& o) -> auto& { return o.batch.nodes.batch; }),
    tied(
        text("lease", machines, "TIME", "After so long without a sign of life a node's orders go to others.",
             run_only),
        [](auto& o) -> auto& { return o.batch.nodes.lease; }),
    tied(
        text("ledger-timeout", machines, "TIME", "So long an unreachable database is waited for.", of_nodes),
        [](auto& o) -> auto& { return o.batch.nodes.timeout; }),
    tied(
        text("node", machines, "NAME", "How this node is called in status.", run_only,
             "host name and process"),
        [](auto& o) -> auto& { return o.batch.nodes.node; }),
};

constexpr std::array when_it_fails{
    tied(
        number("retries", trouble, "Further tries of one request.", {}, looking | submit_only),
        [](auto& o) -> auto& { return o.batch.pool.retries; }),
    tied(
        text("connect-timeout", trouble, "TIME", "For name, TCP and TLS together: 10s, 500ms, 2m.", reaching),
        [](auto& o) -> auto& { return o.batch.pool.connect_timeout; }),
    tied(
        text("idle-timeout", trouble, "TIME", "No byte for so long ends a request.", reaching),
        [](auto& o) -> auto& { return o.batch.pool.idle_timeout; }),
    tied(
        text("request-timeout", trouble, "TIME", "For one whole request.", looking),
        [](auto& o) -> auto& { return o.batch.pool.request_timeout; }),
    tied(
        boolean("breaker", trouble,
                "Hold back a supplier whose first POs are all refused; --no-breaker turns it off.", of_batch),
        [](auto& o) -> auto& { return o.batch.pool.breaker; }),
    tied(
        boolean("retry-skipped", trouble, "Take up the POs that were held back in an earlier run.", fetching),
        [](auto& o) -> auto& { return o.batch.pool.retry_skipped; }),
};

constexpr std::array on_disk{
    splitting(
        tied_list(
            text("include", files, "GLOB", "Only attachments whose name matches. May be repeated.", of_batch),
            [](auto& o) -> auto& { return o.batch.pool.include; }),
        '\n'),
    splitting(
        tied_list(
            text("exclude", files, "GLOB", "No attachments whose name matches. May be repeated.", of_batch),
            [](auto& o) -> auto& { return o.batch.pool.exclude; }),
        '\n'),
    tied(
        text("max-file-size", files, "BYTES", "A larger file is refused.", of_batch),
        [](auto& o) -> auto& { return o.batch.pool.max_file_size; }),
    hash_setting(),
    tied(
        text("durability", files, "file|batch|none",
             "Bring every file to stable storage by itself, in groups, or leave it to the system.", of_batch),
        [](auto& o) -> auto& { return o.batch.pool.sync; }),
    tied(
        boolean("dedupe", files,
                "When the run ends, files of this batch with the same content become hard links of one.",
                of_batch),
        [](auto& o) -> auto& { return o.batch.pool.dedupe; }),
    tied(
        boolean("folder-status", files,
                "When the run ends, folders of finished orders are named <PO>_<STATUS>. Without it they have "
                "their plain names again.",
                of_batch),
        [](auto& o) -> auto& { return o.batch.pool.folder_status; }),
};

constexpr std::array network{
    tied(
        masked(text(
            "proxy", company, "URL",
            "http://HOST:PORT, which HTTPS goes through (CONNECT). A user name and password may stand in the "
            "variable or the file, not here.",
            reaching | storing | remote, "HTTPS_PROXY, else ALL_PROXY")),
        [](auto& o) -> auto& { return o.batch.network.proxy; }),
    splitting(tied_list(
                  text("no-proxy", company, "LIST",
                       "Reached without it: example.com and what is below, 10.0.0.0/8, host:8443, or *.",
                       reaching | storing | remote, "NO_PROXY"),
                  [](auto& o) -> auto& { return o.batch.network.no_proxy; }),
              ','),
};

constexpr std::array safety{
    tied(
        text("cacert", security, "FILE", "More certificate authorities (PEM) to trust.",
             reaching | storing | remote),
        [](auto& o) -> auto& { return o.batch.pool.ca_file; }),
    tied(
        text("client-cert", security, "FILE",
             "Certificate (PEM, with its chain) that is shown to the instance, if it asks for one.",
             reaching | remote),
        [](auto& o) -> auto& { return o.batch.network.client_cert; }),
    tied(
        text("client-key", security, "FILE",
             "Its private key (PEM). A passphrase comes from POFETCH_CLIENT_KEY_PASSWORD.", reaching | remote,
             "in the file of --client-cert"),
        [](auto& o) -> auto& { return o.batch.network.client_key; }),
    tied(
        boolean("allow-http", security, "Plain HTTP, to loopback addresses only.", reaching | storing),
        [](auto& o) -> auto& { return o.batch.pool.allow_http; }),
    splitting(tied_list(
                  text("allow-host", security, "HOST",
                       "May be reached though its address is private. May be repeated.", reaching | storing),
                  [](auto& o) -> auto& { return o.batch.pool.allow_hosts; }),
              ','),
};

constexpr std::array on_screen{
    tied(
        text("progress", screen, "auto|bar|plain|json|none",
             "What is shown of a run; json goes to standard output.", fetching | remote),
        [](auto& o) -> auto& { return o.progress; }),
    tied(
        text("log-file", screen, "FILE", "What happens, line by line, without secrets.", fetching | remote),
        [](auto& o) -> auto& { return o.log_file; }),
    verbose_setting(),
    tied(
        boolean("json", screen, "One JSON object on standard output, for programs.", doctor_only),
        [](auto& o) -> auto& { return o.json; }),
    tied(
        boolean("quiet", screen, "Nothing on the screen but errors.", talking),
        [](auto& o) -> auto& { return o.quiet; }),
};

/// How long something is kept: an age, or 0 for ever.
template <class Get>
constexpr setting kept_for(std::string_view name, std::string_view help, Get) {
  setting base = text(name, service_group, "TIME", help, serve_only);
  base.apply = [](const texts& values, options& into) -> result<void> {
    return read_keep(values.back(), Get{}(into));
  };
  base.show = [](const options& from) { return texts{show_keep(Get{}(from))}; };
  return base;
}

constexpr setting max_running_setting() {
  setting base = number("max-running", service_group, "Batches at work at the same time.");
  base.commands = serve_only;
  return base;
}

constexpr std::array serving{
    tied(
        text("data", service_group, "DIR", "Folder for everything that the service keeps. Made if need be.",
             serve_only),
        [](auto& o) -> auto& { return o.serve.data; }),
    tied_list(
        text("listen", service_group, "HOST:PORT",
             "Where it listens; unix:PATH for a Unix socket, port 0 takes a free one. May be repeated.",
             serve_only, "127.0.0.1:8080"),
        [](auto& o) -> auto& { return o.serve.listen; }),
    tied(
        text("metrics-listen", service_group, "HOST:PORT",
             "An address of their own for /metrics, /healthz and /readyz, or unix:PATH.", serve_only),
        [](auto& o) -> auto& { return o.serve.metrics_listen; }),
    tied(
        text(
            "tokens", service_group, "FILE",
            "Tokens, a line each: NAME SCOPE[,SCOPE] sha256:HEX. Without it everybody on this machine may do "
            "everything.",
            serve_only),
        [](auto& o) -> auto& { return o.serve.tokens; }),
    tied(
        text("new-token", service_group, "NAME",
             "Only print a new token of that name, and its line; needs --scope.", serve_only),
        [](auto& o) -> auto& { return o.serve.new_token; }),
    tied(
        text("tls-cert", service_group, "FILE",
             "Speaks TLS, with this certificate and its chain (PEM). SIGHUP reads it anew.", serve_only),
        [](auto& o) -> auto& { return o.serve.tls_cert; }),
    tied(
        text("tls-key", service_group, "FILE", "Its private key, where that is not in the same file.",
             serve_only),
        [](auto& o) -> auto& { return o.serve.tls_key; }),
    tied(
        text("tls-client-ca", service_group, "FILE",
             "Only clients that show a certificate of these authorities (PEM) are let in.", serve_only),
        [](auto& o) -> auto& { return o.serve.tls_client_ca; }),
    tied(
        boolean("plain-http", service_group,
                "Listen beyond this machine without TLS, which a proxy in front does; tokens are needed all "
                "the same.",
                serve_only),
        [](auto& o) -> auto& { return o.serve.plain_http; }),
    tied_list(
        text("public-url", service_group, "URL", "Under which browsers may reach it. May be repeated.",
             serve_only),
        [](auto& o) -> auto& { return o.serve.public_urls; }),
    tied(
        text("socket-mode", service_group, "MODE", "Permissions of Unix sockets.", serve_only),
        [](auto& o) -> auto& { return o.serve.socket_mode; }),
    tied(
        max_running_setting(), [](auto& o) -> auto& { return o.serve.max_running; }),
    tied(
        text("max-list", service_group, "BYTES", "Largest list that is accepted.", serve_only),
        [](auto& o) -> auto& { return o.serve.max_list; }),
    tied(
        text("min-free", service_group, "BYTES", "With less free on the disk, nothing new is accepted.",
             serve_only),
        [](auto& o) -> auto& { return o.serve.min_free; }),
    kept_for(
        "keep", "How long ended batches are kept, 7d or 12h; 0: for ever.",
        [](auto& o) -> auto& { return o.serve.keep; }),
    kept_for(
        "keep-failed", "The same for failed and incomplete ones.",
        [](auto& o) -> auto& { return o.serve.keep_failed; }),
};

constexpr std::array at_service{
    tied(
        text("profile", remote_group, "NAME", "Instance and sign-in, by their name at the service.",
             submit_only, "the only one that fits"),
        [](auto& o) -> auto& { return o.remote.profile; }),
    tied(
        text("name", remote_group, "TEXT", "What people call the batch.", submit_only),
        [](auto& o) -> auto& { return o.remote.name; }),
    tied_list(
        text("label", remote_group, "TEXT", "To find it by. May be repeated.", submit_only),
        [](auto& o) -> auto& { return o.remote.labels; }),
    tied(
        text("priority", remote_group, "low|normal|high", "Its place in the queue.", submit_only, "normal"),
        [](auto& o) -> auto& { return o.remote.priority; }),
    tied(
        text("key", remote_group, "TEXT",
             "The same key with the same list and options is the same batch, for 7 days.", submit_only,
             "another one each time"),
        [](auto& o) -> auto& { return o.remote.key; }),
    tied(
        text("token-file", remote_group, "FILE",
             "Its first line is the token for the service; else it comes from POFETCH_TOKEN.", remote),
        [](auto& o) -> auto& { return o.remote.token_file; }),
    tied(
        boolean("watch", remote_group, "Follow the batch, as pofetch watch does.", submit_only),
        [](auto& o) -> auto& { return o.remote.watch; }),
};

template <class... Arrays>
auto joined(const Arrays&... parts) {
  std::vector<setting> all;
  (all.insert(all.end(), parts.begin(), parts.end()), ...);
  return all;
}

}  // namespace

std::span<const setting> all_settings() {
  static const std::vector<setting> all =
      joined(what_and_where, reading, signing_in, how_fast, when_it_fails, on_disk, many_machines, network,
             safety, serving, at_service, on_screen);
  return all;
}

}  // namespace pofetch::settings
