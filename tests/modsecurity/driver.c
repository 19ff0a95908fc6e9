/*
 * Asks libmodsecurity what its rules say of requests, or how long it takes.
 *
 *   driver [-t ROUNDS] RULES... <requests
 *
 * RULES are SecLang files by their absolute paths, included in the order given as one configuration. The engine is set to
 * DetectionOnly, whatever they say.
 *
 * A request is five fields: method, URI (path and query, as in the request line), host, user agent, referer. A field
 * is "LENGTH:BYTES," (a netstring), or "-," for a header that was not sent. Requests follow each other up to the end
 * of the input.
 *
 * Without -t, standard output has a line for each request: the ids of the rules that logged, in the order in which
 * they did, with a space between. A rule with nolog is not among them, nor is a rule whose own chain didn't match. A
 * rule with multiMatch is there once for each match.
 *
 * With -t, all requests are read first, asked ROUNDS times over, and one line says "REQUESTS SECONDS", wall time and
 * without the loading of rules.
 *
 * What libmodsecurity gets: client 192.0.2.1:12345, server 192.0.2.2:80, HTTP/1.1, the headers Host, User-Agent,
 * Accept and Referer in this order. Accept is "*" "/" "*" always: a log has no such header, but every client sends it.
 * Phases 1 and 2 run; there is no body and no response.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <modsecurity/modsecurity.h>
#include <modsecurity/rules_set.h>
#include <modsecurity/transaction.h>

enum { METHOD, URI, HOST, USER_AGENT, REFERER, FIELDS };

/* One request: a field is NUL-terminated, NULL where it was not sent. */
struct request {
    char *field[FIELDS];
    size_t length[FIELDS];
};

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static void *allocate(void *old, size_t size)
{
    void *new = realloc(old, size);
    if (new == NULL) {
        fail("requests", "out of memory");
    }
    return new;
}

/* Reads one field. Returns 0 at the end of the input. */
static int read_field(struct request *request, int field)
{
    int byte = getchar();
    size_t length = 0;

    if (byte == EOF) {
        return 0;
    }
    request->field[field] = NULL;
    request->length[field] = 0;
    if (byte != '-') {
        while (isdigit(byte)) {
            length = length * 10 + (size_t)(byte - '0');
            byte = getchar();
        }
        if (byte != ':') {
            fail("requests", "a field must be LENGTH:BYTES, or -,");
        }
        request->field[field] = allocate(NULL, length + 1);
        request->length[field] = length;
        if (fread(request->field[field], 1, length, stdin) != length) {
            fail("requests", "the input ends within a field");
        }
        request->field[field][length] = '\0';
    }
    if (getchar() != ',') {
        fail("requests", "a field must end with a comma");
    }
    return 1;
}

/* Reads one request. Returns 0 at the end of the input. */
static int read_request(struct request *request)
{
    int field;

    for (field = 0; field < FIELDS; field++) {
        if (!read_field(request, field)) {
            if (field > 0) {
                fail("requests", "the input ends within a request");
            }
            return 0;
        }
    }
    if (request->field[METHOD] == NULL || request->field[URI] == NULL) {
        fail("requests", "a request has a method and a URI");
    }
    return 1;
}

static void free_request(struct request *request)
{
    int field;

    for (field = 0; field < FIELDS; field++) {
        free(request->field[field]);
    }
}

/* The ids that rules logged for the request at hand. */
static long *ids;
static size_t id_count;
static size_t id_room;

/*
 * A message has `[file "..."] [line "7"] [id "942100"]` behind what the rule says of the match. The three are looked
 * for together, since the match quotes the request.
 */
static void on_message(void *unused, const void *message)
{
    const char *at = message;

    (void)unused;
    while ((at = strstr(at, "\"] [line \"")) != NULL) {
        at += strlen("\"] [line \"");
        const char *end = at + strspn(at, "0123456789");
        if (end > at && strncmp(end, "\"] [id \"", strlen("\"] [id \"")) == 0) {
            if (id_count == id_room) {
                id_room = 2 * id_room + 64;
                ids = allocate(ids, id_room * sizeof *ids);
            }
            ids[id_count++] = strtol(end + strlen("\"] [id \""), NULL, 10);
            return;
        }
    }
}

static void add_header(Transaction *transaction, const char *name, const char *value, size_t length)
{
    if (value != NULL) {
        msc_add_n_request_header(transaction, (const unsigned char *)name, strlen(name), (const unsigned char *)value,
                                 length);
    }
}

static void ask(ModSecurity *engine, RulesSet *rules, const struct request *request)
{
    Transaction *transaction = msc_new_transaction(engine, rules, NULL);

    id_count = 0;
    msc_process_connection(transaction, "192.0.2.1", 12345, "192.0.2.2", 80);
    msc_process_uri(transaction, request->field[URI], request->field[METHOD], "1.1");
    add_header(transaction, "Host", request->field[HOST], request->length[HOST]);
    add_header(transaction, "User-Agent", request->field[USER_AGENT], request->length[USER_AGENT]);
    add_header(transaction, "Accept", "*/*", strlen("*/*"));
    add_header(transaction, "Referer", request->field[REFERER], request->length[REFERER]);
    msc_process_request_headers(transaction);
    msc_process_request_body(transaction);
    msc_transaction_cleanup(transaction);
}

static void print_ids(ModSecurity *engine, RulesSet *rules)
{
    struct request request;
    size_t i;

    while (read_request(&request)) {
        ask(engine, rules, &request);
        for (i = 0; i < id_count; i++) {
            printf(i == 0 ? "%ld" : " %ld", ids[i]);
        }
        putchar('\n');
        free_request(&request);
    }
}

static void print_time(ModSecurity *engine, RulesSet *rules, int rounds)
{
    struct request *requests = NULL;
    size_t count = 0, room = 0, i;
    struct timespec start, end;
    int round;

    for (;;) {
        if (count == room) {
            room = 2 * room + 1024;
            requests = allocate(requests, room * sizeof *requests);
        }
        if (!read_request(&requests[count])) {
            break;
        }
        count++;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (round = 0; round < rounds; round++) {
        for (i = 0; i < count; i++) {
            ask(engine, rules, &requests[i]);
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%zu %.6f\n", count * (size_t)rounds,
           (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);
    for (i = 0; i < count; i++) {
        free_request(&requests[i]);
    }
    free(requests);
}

static void add_rules(RulesSet *rules, const char *text)
{
    const char *error = NULL;

    if (msc_rules_add(rules, text, &error) < 0) {
        fail("rules", error);
    }
}

/* A configuration that includes these files, up to NULL. */
static char *includes(char **files)
{
    size_t room = 1;
    char *text = allocate(NULL, room);

    text[0] = '\0';
    for (; *files != NULL; files++) {
        room += strlen("Include \n") + strlen(*files);
        text = allocate(text, room);
        strcat(strcat(strcat(text, "Include "), *files), "\n");
    }
    return text;
}

int main(int argc, char **argv)
{
    int rounds = 0, first = 1;
    char *text;
    ModSecurity *engine;
    RulesSet *rules;

    if (argc > 2 && strcmp(argv[1], "-t") == 0) {
        rounds = atoi(argv[2]);
        first = 3;
    }
    if (first >= argc || (first == 3 && rounds < 1)) {
        fail("usage", "driver [-t ROUNDS] RULES... <requests");
    }
    engine = msc_init();
    msc_set_log_cb(engine, on_message);
    rules = msc_create_rules_set();
    /* The first to say which state the engine has is right, so this comes before the files. */
    add_rules(rules, "SecRuleEngine DetectionOnly\n");
    text = includes(argv + first);
    add_rules(rules, text);
    free(text);
    if (rounds > 0) {
        print_time(engine, rules, rounds);
    } else {
        print_ids(engine, rules);
    }
    msc_rules_cleanup(rules);
    msc_cleanup(engine);
    free(ids);
    return fflush(stdout) == 0 ? 0 : 1;
}
