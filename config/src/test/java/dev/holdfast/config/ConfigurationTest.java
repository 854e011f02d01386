package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.MonitorConfig;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Retention;
import dev.holdfast.RetryPolicy;
import dev.holdfast.Schedule;
import dev.holdfast.check.Durations;
import dev.holdfast.config.Configuration.Entry;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("R-46")
class ConfigurationTest {
  @TempDir Path folder;
  final Map<String, String> variables = new HashMap<>();
  final List<Flag> flags = new ArrayList<>();
  Optional<String> file = Optional.empty();

  @BeforeEach
  void liveInAFolder() {
    variables.put("HOME", folder.toString());
  }

  Path file(String name, String text) throws IOException {
    Path written = Files.writeString(folder.resolve(name), text);
    file = Optional.of(written.toString());
    return written;
  }

  Configuration load() {
    return Configuration.load(variables, file, flags);
  }

  Settings settings() {
    return load().settings();
  }

  List<String> mistakes() {
    ConfigException refused = catchThrowableOfType(ConfigException.class, this::load);
    assertThat(refused).as("a refusal").isNotNull();
    return refused.mistakes().stream()
        .map(mistake -> mistake.toString().replace(folder + "/", ""))
        .toList();
  }

  Entry entry(String key) {
    return load().entries().stream()
        .filter(entry -> entry.key().equals(key))
        .findAny()
        .orElseThrow();
  }

  @Nested
  class Without_anything {
    @Test
    void the_defaults_of_core_hold() {
      Settings settings = settings();

      NodeConfig expected = NodeConfig.defaults();
      assertThat(settings.node())
          .isEqualTo(expected.name("work").concurrency(Runtime.getRuntime().availableProcessors()));
      assertThat(settings.node().monitor()).isEqualTo(MonitorConfig.defaults());
      assertThat(settings.node().retention()).isEqualTo(Retention.defaults());
      assertThat(settings.type("any").handler()).isEqualTo(HandlerPolicy.defaults());
      assertThat(settings.type("any").maxAttempts()).isEqualTo(4);
      assertThat(settings.db()).isEmpty();
      assertThat(settings.log())
          .isEqualTo(
              new LogConfig(
                  LogConfig.Level.WARN,
                  LogConfig.Format.TEXT,
                  Optional.empty(),
                  Optional.empty(),
                  5));
      assertThat(load().file()).isEmpty();
    }

    @Test
    void every_entry_is_a_default() {
      assertThat(load().entries())
          .hasSizeGreaterThan(20)
          .allMatch(entry -> entry.origin().equals(Origin.DEFAULT));
    }
  }

  @Nested
  class Of_two_layers {
    /** Each bit says that the layer is given: 1 the file, 2 the environment, 4 a flag. */
    @ParameterizedTest
    @CsvSource({
      "0, 20s, default",
      "1, 1s, holdfast.yaml:2",
      "2, 2s, HOLDFAST_WORKER_GRACE",
      "3, 2s, HOLDFAST_WORKER_GRACE",
      "4, 4s, --grace",
      "5, 4s, --grace",
      "6, 4s, --grace",
      "7, 4s, --grace"
    })
    void the_stronger_one_counts(int layers, String value, String place) throws IOException {
      if ((layers & 1) > 0) {
        file("holdfast.yaml", "worker:\n  grace: 1s\n");
      }
      if ((layers & 2) > 0) {
        variables.put("HOLDFAST_WORKER_GRACE", "2s");
      }
      if ((layers & 4) > 0) {
        flags.add(new Flag(Keys.WORKER_GRACE, "--grace", "4s"));
      }

      Entry grace = entry("worker.grace");

      assertThat(grace.value()).contains(value);
      assertThat(grace.origin().place()).endsWith(place);
      assertThat(settings().node().grace()).isEqualTo(Durations.parse(value));
    }

    @Test
    void the_weaker_one_is_checked_too() throws IOException {
      file("holdfast.yaml", "worker:\n  grace: soon\n");
      variables.put("HOLDFAST_WORKER_GRACE", "2s");

      assertThat(mistakes()).hasSize(1);
    }

    @Test
    void an_empty_variable_is_none() throws IOException {
      file("holdfast.yaml", "worker:\n  grace: 1s\n");
      variables.put("HOLDFAST_WORKER_GRACE", "");

      assertThat(settings().node().grace()).isEqualTo(Duration.ofSeconds(1));
    }
  }

  @Nested
  class The_environment {
    @ParameterizedTest
    @CsvSource({
      "true, true", "1, true", "yes, true", "ON, true",
      "false, false", "0, false", "No, false", "off, false"
    })
    void turns_the_monitor_on_and_off(String text, boolean enabled) {
      variables.put("HOLDFAST_MONITOR_ENABLED", text);

      assertThat(settings().node().monitor().enabled()).isEqualTo(enabled);
    }

    @Test
    void counts_the_interval_of_the_monitor_in_seconds() {
      variables.put("HOLDFAST_MONITOR_INTERVAL", "90");
      assertThat(settings().node().monitor().interval()).isEqualTo(Duration.ofSeconds(90));

      variables.put("HOLDFAST_MONITOR_INTERVAL", "90m");
      assertThat(settings().node().monitor().interval()).isEqualTo(Duration.ofMinutes(90));
    }

    @Test
    void counts_the_time_of_jobs_in_minutes() {
      variables.put("HOLDFAST_JOB_TIMEOUT_MINUTES", "45");
      assertThat(settings().node().monitor().jobTimeout()).isEqualTo(Duration.ofMinutes(45));

      variables.put("HOLDFAST_MONITOR_JOB_TIMEOUT", "10s");
      assertThat(settings().node().monitor().jobTimeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void says_what_the_monitor_does() {
      variables.put("HOLDFAST_MONITOR_ACTION", "fail");

      assertThat(settings().node().monitor().action()).isEqualTo(MonitorConfig.Action.FAIL);
    }

    @Test
    void has_two_names_for_the_level_and_its_own_counts() {
      variables.put("LOG_LEVEL", "DEBUG");
      assertThat(settings().log().level()).isEqualTo(LogConfig.Level.DEBUG);

      variables.put("HOLDFAST_LOG_LEVEL", "info");
      assertThat(settings().log().level()).isEqualTo(LogConfig.Level.INFO);
    }

    @Test
    void separates_queues_by_commas() {
      variables.put("HOLDFAST_WORKER_QUEUES", "mail, reports");

      assertThat(settings().node().queues()).containsExactly("mail", "reports");
    }

    @Test
    void has_a_variable_for_every_key_but_those_of_types() {
      for (Key<?> key : Keys.all()) {
        String name = "HOLDFAST_" + key.name().toUpperCase(Locale.ROOT).replace('.', '_');
        if (!key.isOfEach()) {
          assertThat(key.variables().get(0).name()).isEqualTo(name);
        } else {
          assertThat(key.variables()).isEmpty();
        }
      }
    }

    @Test
    void may_have_variables_that_are_no_settings() {
      for (String name :
          List.of(
              "HOLDFAST_DEBUG",
              "HOLDFAST_JOB",
              "HOLDFAST_TOKEN",
              "HOLDFAST_API_TOKEN",
              "HOLDFAST_API_TOKEN_FILE",
              "HOLDFAST_JAVA_OPTS",
              "HOLDFAST_SERVICE_HOST",
              "HOLDFAST_SERVICE_PORT_HTTP",
              "HOLDFAST_PORT",
              "HOLDFAST_PORT_8080_TCP_ADDR")) {
        variables.put(name, "x");
      }

      assertThat(settings()).isNotNull();
    }
  }

  @Nested
  class A_file {
    static final String YAML =
        """
        # a comment
        db: jobs.db
        worker:
          queues: [mail, "a,b"]
          concurrency: 8
          grace: PT1M
        retry: {max_attempts: 7, jitter: 0.25, multiplier: 1.5}
        types:
          mail.send:
            timeout: 5m
            recovery: hold
            retry:
              initial_delay: 2s
        monitor:
          enabled: no
        retention:
          failed: never
        log:
          level: info
        """;
    static final String TOML =
        """
        # a comment
        db = "jobs.db"
        retry = {max_attempts = 7, jitter = 0.25, multiplier = 1.5}
        monitor.enabled = false
        retention.failed = "never"
        log.level = "info"

        [worker]
        queues = ["mail", "a,b"]
        concurrency = 8
        grace = "PT1M"

        [types."mail.send"]
        timeout = "5m"
        recovery = "hold"
        retry.initial_delay = "2s"
        """;
    static final String JSON =
        """
        {
          "db": "jobs.db",
          "worker": {"queues": ["mail", "a,b"], "concurrency": 8, "grace": "PT1M"},
          "retry": {"max_attempts": 7, "jitter": 0.25, "multiplier": 1.5},
          "types": {"mail.send": {"timeout": "5m", "recovery": "hold", "retry": {"initial_delay": "2s"}}},
          "monitor": {"enabled": false},
          "retention": {"failed": "never"},
          "log": {"level": "info"}
        }
        """;

    @Test
    void says_the_same_in_three_syntaxes() throws IOException {
      file("a.yaml", YAML);
      Settings yaml = settings();
      file("a.yml", YAML);
      Settings yml = settings();
      file("a.toml", TOML);
      Settings toml = settings();
      file("a.json", JSON);
      Settings json = settings();

      assertThat(yaml.node().queues()).containsExactly("mail", "a,b");
      assertThat(yaml.node().concurrency()).isEqualTo(8);
      assertThat(yaml.node().retention().failed()).isEmpty();
      assertThat(List.of(yml, toml, json)).containsOnly(yaml);
    }

    @Test
    void overrides_the_policy_of_a_type() throws IOException {
      file("a.yaml", YAML);

      TypePolicy mail = settings().type("mail.send");
      TypePolicy other = settings().type("other");

      assertThat(mail.handler().timeout()).contains(Duration.ofMinutes(5));
      assertThat(mail.handler().recovery()).isEqualTo(RecoveryPolicy.HOLD);
      assertThat(mail.handler().retry())
          .isEqualTo(
              RetryPolicy.exponential()
                  .from(Duration.ofSeconds(2))
                  .times(1.5)
                  .upTo(Duration.ofMinutes(5))
                  .jitter(0.25));
      assertThat(mail.maxAttempts()).as("follows retry.max_attempts").isEqualTo(7);
      assertThat(other.handler().recovery()).isEqualTo(RecoveryPolicy.RESUME);
      assertThat(entry("types.mail.send.retry.initial_delay").origin().place())
          .endsWith("a.yaml:13");
      assertThat(entry("types.mail.send.retry.jitter").origin().place()).endsWith("a.yaml:7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "worker:\n", "---\n", "null\n"})
    void may_say_nothing(String text) throws IOException {
      file("a.yaml", text);

      assertThat(settings().node().name()).isEqualTo("work");
    }

    @Test
    void is_named_by_a_flag_before_the_variable_before_the_folder() throws IOException {
      Path config = Files.createDirectories(folder.resolve(".config/holdfast"));
      Files.writeString(config.resolve("holdfast.toml"), "worker.name = 'of the folder'");
      assertThat(settings().node().name()).isEqualTo("of the folder");

      Path other = Files.writeString(folder.resolve("b.yaml"), "worker: {name: of the variable}");
      variables.put("HOLDFAST_CONFIG", other.toString());
      assertThat(settings().node().name()).isEqualTo("of the variable");

      file("c.json", "{\"worker\": {\"name\": \"of the flag\"}}");
      assertThat(settings().node().name()).isEqualTo("of the flag");
      assertThat(load().file()).contains(folder.resolve("c.json"));
    }

    @Test
    void is_looked_for_in_the_folder_for_configurations() throws IOException {
      variables.put("XDG_CONFIG_HOME", folder.resolve("xdg").toString());
      Path config = Files.createDirectories(folder.resolve("xdg/holdfast"));
      Files.writeString(config.resolve("holdfast.yml"), "worker: {name: x}");

      assertThat(settings().node().name()).isEqualTo("x");
    }

    @Test
    void is_the_only_one_in_that_folder() throws IOException {
      Path config = Files.createDirectories(folder.resolve(".config/holdfast"));
      Files.writeString(config.resolve("holdfast.toml"), "");
      Files.writeString(config.resolve("holdfast.yaml"), "");

      assertThat(mistakes())
          .containsExactly(
              ".config/holdfast: there are holdfast.yaml and holdfast.toml: keep one of them");
    }

    @Test
    void must_exist_where_it_is_named() {
      variables.put("HOLDFAST_CONFIG", "/none.yaml");
      assertThat(mistakes()).containsExactly("HOLDFAST_CONFIG: there is no file '/none.yaml'");

      file = Optional.of(folder.toString());
      assertThat(mistakes()).containsExactly("--config: there is no file '" + folder + "'");
    }

    @Test
    void must_say_by_its_ending_how_it_is_written() throws IOException {
      file("a.conf", "");

      assertThat(mistakes().get(0))
          .contains("must have one of the extensions .yaml, .yml, .toml, .json");
    }
  }

  @Nested
  class A_mistake {
    void expect(String text, String... expected) throws IOException {
      file("a.yaml", text);
      assertThat(mistakes()).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '"',
        value = {
          "worker: {lease: 5x} | worker.lease is '5x': expected a duration from 1s to 1h",
          "worker: {lease: 500ms} | worker.lease is '500ms': expected a duration from 1s to 1h",
          "worker: {lease: 30} | worker.lease is '30': expected a duration from 1s to 1h",
          "worker: {concurrency: 0} | worker.concurrency is '0': expected a whole number from 1 to"
              + " 10000, or auto",
          "worker: {concurrency: 1.5} | worker.concurrency is '1.5': expected a whole number from 1"
              + " to 10000, or auto",
          "worker: {concurrency: atuo} | worker.concurrency is 'atuo': expected a whole number from"
              + " 1 to 10000, or auto; did you mean auto?",
          "worker: {queues: [a, ' ']} | worker.queues is ['a', ' ']: expected a list of names (in a"
              + " variable separated by commas), each of 1 to 200 printable characters",
          "worker: {name: [a]} | worker.name is ['a']: expected 1 to 200 printable characters",
          "retry: {jitter: 2} | retry.jitter is '2': expected a number from 0 to 1",
          "retry: {jitter: NaN} | retry.jitter is 'NaN': expected a number from 0 to 1",
          "retry: {multiplier: 0.5} | retry.multiplier is '0.5': expected a number of at least 1",
          "retry: {multiplier: Infinity} | retry.multiplier is 'Infinity': expected a number of at"
              + " least 1",
          "retry: {max_attempts: 1001} | retry.max_attempts is '1001': expected a whole number from"
              + " 1 to 1000",
          "monitor: {enabled: maybe} | monitor.enabled is 'maybe': expected true or false (yes or"
              + " no, on or off, 1 or 0)",
          "monitor: {action: retyr} | monitor.action is 'retyr': expected retry or fail; did you"
              + " mean retry?",
          "retention: {failed: nevr} | retention.failed is 'nevr': expected a duration from 0s to"
              + " 36500d, or never; did you mean never?",
          "log: {level: warning} | log.level is 'warning': expected off, error, warn, info, debug"
              + " or trace; did you mean warn?",
          "types: {a: {recovery: hodl}} | types.a.recovery is 'hodl': expected resume, hold or"
              + " fail; did you mean hold?",
          "types: {a: {timeout: 0}} | types.a.timeout is '0': expected a duration from 1ms to"
              + " 36500d, or never",
          "worker: {lease: } | worker.lease has no value: expected a duration from 1s to 1h",
          "worker: {grace: {a: 1}} | worker.grace has keys below it: expected a duration from 0s to"
              + " 1d",
          "worker: {queues: [[a]]} | worker.queues has a list with more than texts: expected a list"
              + " of names (in a variable separated by commas), each of 1 to 200 printable"
              + " characters",
          "worker: 5 | worker is a section: expected keys below it",
          "types: {a: 5} | types.a is a section: expected keys below it",
          "worker: {leese: 1s} | unknown key worker.leese; did you mean worker.lease?",
          "wroker: {lease: 1s} | unknown key wroker; did you mean worker?",
          "lease: 1s | unknown key lease; did you mean worker.lease?",
          "worker.lease: 1s | unknown key worker.lease: expected its parts one below the other, as"
              + " sections",
          "types: {a: {timout: 1s}} | unknown key types.a.timout; did you mean types.a.timeout?",
          "types: {a: {rety: {jitter: 0}}} | unknown key types.a.rety; did you mean types.a.retry?",
          "tpyes: {a: {timeout: 1s}} | unknown key tpyes; did you mean types?",
          "x: 1 | unknown key x",
          "something: else | unknown key something",
          "worker: {lease: 2s, lease: 3s} | worker.lease is given twice: keep one",
          "[a] | expected keys with values",
          "text | expected keys with values"
        })
    void in_a_file_is_reported_with_its_line_and_the_allowed_values(String text, String expected)
        throws IOException {
      expect("# first\n\n" + text + "\n", "a.yaml:3: " + expected);
    }

    @Test
    void in_a_variable_is_reported_with_its_name() {
      variables.put("HOLDFAST_MONITOR_ACTION", "restart");
      variables.put("HOLDFAST_MONITOR_INTERVAL", "0");

      assertThat(mistakes())
          .containsExactlyInAnyOrder(
              "HOLDFAST_MONITOR_ACTION: monitor.action is 'restart': expected retry or fail",
              "HOLDFAST_MONITOR_INTERVAL: monitor.interval is '0s': expected a duration from 1s to"
                  + " 1d");
    }

    @Test
    void in_a_flag_is_reported_with_its_name() {
      flags.add(new Flag(Keys.WORKER_CONCURRENCY, "--jobs", "none"));

      assertThat(mistakes())
          .containsExactly(
              "--jobs: worker.concurrency is 'none': expected a whole number from 1 to 10000, or"
                  + " auto");
    }

    @Test
    void in_the_name_of_a_variable_is_one() {
      variables.put("HOLDFAST_MONITOR_INTERVALL", "5");
      variables.put("HOLDFAST_WHATEVER", "5");

      assertThat(mistakes())
          .containsExactly(
              "HOLDFAST_MONITOR_INTERVALL: unknown variable; did you mean"
                  + " HOLDFAST_MONITOR_INTERVAL?",
              "HOLDFAST_WHATEVER: unknown variable");
    }

    @Test
    void does_not_hide_another() throws IOException {
      file("a.yaml", "worker:\n  lease: x\n  name: ''\nmonitro: {}\nretry: {jitter: 9}\n");
      variables.put("HOLDFAST_DBB", "x");
      variables.put("HOLDFAST_MONITOR_ENABLED", "x");
      flags.add(new Flag(Keys.WORKER_GRACE, "--grace", "x"));

      assertThat(mistakes())
          .hasSize(7)
          .allMatch(line -> !line.contains("\n"))
          .extracting(line -> line.substring(0, line.indexOf(": ")))
          .containsExactly(
              "a.yaml:2",
              "a.yaml:3",
              "a.yaml:4",
              "a.yaml:5",
              "HOLDFAST_DBB",
              "HOLDFAST_MONITOR_ENABLED",
              "--grace");
    }

    @Test
    void of_two_values_together_is_reported_once() throws IOException {
      file("a.yaml", "retry:\n  initial_delay: 10m\ntypes: {a: {recovery: fail}}\n");
      assertThat(mistakes())
          .containsExactly(
              "a.yaml:2: retry.max_delay is 5m, and retry.initial_delay is 10m: expected the first"
                  + " to be no shorter than the second");

      file("a.yaml", "retry:\n  initial_delay: 10x\n  max_delay: 1ms\n");
      assertThat(mistakes()).hasSize(1);

      file("a.yaml", "types: {a: {retry: {max_delay: 1ms}}}\n");
      assertThat(mistakes().get(0))
          .startsWith("a.yaml:1: types.a.retry.max_delay is 1ms, and types.a.retry.initial_delay");
    }

    @Test
    void shows_nothing_that_breaks_its_line() throws IOException {
      expect(
          "worker: {lease: \"a\\n\\e[31m\u202e\"}\n\"x\\ny\": 1\n",
          "a.yaml:1: worker.lease is 'a··[31m·': expected a duration from 1s to 1h",
          "a.yaml:2: unknown key x·y");
    }

    @Test
    void shows_no_more_of_a_value_than_needed() throws IOException {
      file("a.yaml", "worker: {lease: " + "x".repeat(10_000) + "}");

      assertThat(mistakes().get(0)).hasSizeLessThan(300);
    }

    @Test
    void shows_no_password() throws IOException {
      file("a.yaml", "db: ['jdbc:postgresql://h/db?user=u&password=hunter2']\n");

      assertThat(mistakes().get(0)).contains("password=***").doesNotContain("hunter2");
    }
  }

  @Nested
  class A_malformed_file {
    @Test
    void of_YAML_is_reported_with_its_line() throws IOException {
      file("a.yaml", "db: x\nworker: {\n");

      assertThat(mistakes()).hasSize(1);
      assertThat(mistakes().get(0)).startsWith("a.yaml:2: this is not valid YAML: ");
    }

    @Test
    void of_TOML_is_reported_with_its_line() throws IOException {
      file("a.toml", "[worker]\nname = x\n");
      assertThat(mistakes().get(0)).startsWith("a.toml:2: this is not valid TOML: ");

      file("a.toml", "db = 'a'\ndb = 'b'\n");
      assertThat(mistakes()).containsExactly("a.toml:3: this is not valid TOML: Duplicate key");
    }

    @Test
    void of_JSON_is_reported_with_its_line() throws IOException {
      file("a.json", "{\n\"db\": }");
      assertThat(mistakes().get(0)).startsWith("a.json:2: this is not valid JSON: ");

      file("a.json", "{\n\"db\": \"a\",\n\"db\": \"b\"}");
      assertThat(mistakes()).containsExactly("a.json:3: db is given twice: keep one");
    }

    @Test
    void does_not_hide_what_the_environment_says() throws IOException {
      file("a.json", "{");
      variables.put("HOLDFAST_MONITOR_ACTION", "x");

      assertThat(mistakes()).hasSize(2);
    }

    @Test
    void cannot_grow_by_aliases() throws IOException {
      file(
          "a.yaml",
          """
          worker: &a
            queues: &b [x, x, x, x, x, x, x, x, x]
          retry: *a
          log:
            file: *b
            <<: *a
          """);
      assertThat(mistakes())
          .containsExactly(
              "a.yaml:3: retry is an alias: write the value itself, in quotes if it begins with *",
              "a.yaml:5: log.file is an alias: write the value itself, in quotes if it begins with"
                  + " *",
              "a.yaml:6: log.<< is an alias: write the value itself, in quotes if it begins with"
                  + " *");

      file("a.yaml", "worker:\n  name: &n x\n  queues: [*n]\n");
      assertThat(mistakes().get(0))
          .startsWith("a.yaml:3: worker.queues has a list with more than texts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.yaml", "a.toml", "a.json"})
    void cannot_be_deep(String name) throws IOException {
      String deep = "[".repeat(100_000);
      file(
          name,
          switch (name) {
            case "a.yaml" -> "worker: {queues: " + deep;
            case "a.toml" -> "worker.queues = " + deep;
            default -> "{\"worker\": {\"queues\": " + deep;
          });

      assertThat(mistakes()).hasSize(1);
    }

    @Test
    void cannot_be_large() throws IOException {
      file("a.yaml", "# " + "x".repeat(1 << 20));

      assertThat(mistakes()).containsExactly("a.yaml: the file is larger than 1024 KiB");
    }

    @Test
    void has_one_document() throws IOException {
      file("a.yaml", "db: a\n---\ndb: b\n");
      assertThat(mistakes())
          .containsExactly("a.yaml:3: a second document begins here: expected one");
    }

    @Test
    void is_written_in_UTF_8() throws IOException {
      Files.write(file("a.yaml", ""), new byte[] {'a', ':', ' ', (byte) 0xE4});

      assertThat(mistakes()).containsExactly("a.yaml: the file is not written in UTF-8");
    }
  }

  @Nested
  class What_is_shown {
    @ParameterizedTest
    @CsvSource({
      "jobs.db, jobs.db",
      "jdbc:postgresql://h:5432/d, jdbc:postgresql://h:5432/d",
      "jdbc:postgresql://h/d?user=u&password=p&ssl=true,"
          + " jdbc:postgresql://h/d?user=u&password=***&ssl=true",
      "jdbc:postgresql://u:p@h/d, jdbc:postgresql://u:***@h/d",
      "jdbc:postgresql://u:p/@@h/d, jdbc:postgresql://u:***@h/d",
      "jdbc:postgresql://h/d?sslPassword=p, jdbc:postgresql://h/d?sslPassword=***"
    })
    void has_no_password(String address, String shown) {
      variables.put("HOLDFAST_DB", address);

      assertThat(entry("db").value()).contains(shown);
      assertThat(settings().db()).contains(address);
    }

    @Test
    void is_what_a_file_may_say() throws IOException {
      Settings defaults = settings();
      for (Entry entry : load().entries()) {
        if (entry.value().isPresent()) {
          file(
              "a.yaml",
              entry.key().replace(".", ": {") + ": " + entry.value().get() + closing(entry));
          assertThat(settings()).as(entry.toString()).isEqualTo(defaults);
          file = Optional.empty();
        }
      }
    }

    private String closing(Entry entry) {
      return "}".repeat(entry.key().split("\\.", -1).length - 1);
    }
  }

  @Nested
  @Tag("R-25")
  class Schedules_of_a_file {
    @Test
    void say_the_same_in_three_syntaxes() throws IOException {
      file(
          "a.yaml",
          """
          types:
            report:
              max_attempts: 9
          schedules:
            nightly:
              cron: "*/5 2 * * *"
              zone: Europe/Berlin
              type: report
              payload: {day: yesterday, sizes: [1, 2.5], deep: {yes: true, none: null}}
              queue: reports
              priority: -3
              group: acme
              timeout: 10m
              requires: {gpu: true, memory: {">=": 16}}
              missed: skip
              missed_after: 2m
              overlap: skip
            tick:
              every: 30s
              type: ping
          """);
      List<Schedule> yaml = settings().schedules();
      file(
          "a.toml",
          """
          [types.report]
          max_attempts = 9
          [schedules.nightly]
          cron = "*/5 2 * * *"
          zone = "Europe/Berlin"
          type = "report"
          queue = "reports"
          priority = -3
          group = "acme"
          timeout = "10m"
          requires = {gpu = true, memory = {">=" = 16}}
          missed = "skip"
          missed_after = "2m"
          overlap = "skip"
          [schedules.nightly.payload]
          day = "yesterday"
          sizes = [1, 2.5]
          [schedules.nightly.payload.deep]
          yes = true
          [schedules.tick]
          every = "30s"
          type = "ping"
          """);
      List<Schedule> toml = settings().schedules();
      file(
          "a.json",
          """
          {"types": {"report": {"max_attempts": 9}},
           "schedules": {
            "nightly": {"cron": "*/5 2 * * *", "zone": "Europe/Berlin", "type": "report",
             "payload": {"day": "yesterday", "sizes": [1, 2.5], "deep": {"yes": true, "none": null}},
             "queue": "reports", "priority": -3, "group": "acme", "timeout": "10m",
             "requires": {"gpu": true, "memory": {">=": 16}},
             "missed": "skip", "missed_after": "2m", "overlap": "skip"},
            "tick": {"every": "30s", "type": "ping"}}}
          """);

      assertThat(yaml).isEqualTo(settings().schedules());
      assertThat(yaml).extracting(Schedule::name).containsExactly("nightly", "tick");
      Schedule nightly = yaml.get(0);
      assertThat(nightly.timetable()).hasToString("*/5 2 * * * Europe/Berlin");
      assertThat(Trees.write(nightly.job().payload()))
          .isEqualTo(
              "{\"day\":\"yesterday\",\"sizes\":[1,2.5],\"deep\":{\"yes\":true,\"none\":null}}");
      assertThat(nightly.job().queue()).isEqualTo("reports");
      assertThat(nightly.job().priority()).isEqualTo(-3);
      assertThat(nightly.job().group()).contains("acme");
      assertThat(nightly.job().maxAttempts()).as("as its type says").isEqualTo(9);
      assertThat(nightly.job().timeout()).contains(Duration.ofMinutes(10));
      assertThat(nightly.job().requires()).containsOnlyKeys("gpu", "memory");
      assertThat(nightly.missed()).isEqualTo(MissedFires.skip().after(Duration.ofMinutes(2)));
      assertThat(nightly.overlap()).isEqualTo(Overlap.SKIP);
      assertThat(nightly.declaredBy()).isEqualTo("file");
      assertThat(yaml.get(1))
          .isEqualTo(
              Schedule.every("tick", Duration.ofSeconds(30), NewJob.of("ping", null))
                  .declaredBy("file"));
      assertThat(toml.get(0).timetable()).isEqualTo(nightly.timetable());
      assertThat(toml.get(0).job().requires()).isEqualTo(nightly.job().requires());
    }

    @Test
    void tell_all_their_mistakes_at_once() throws IOException {
      file(
          "a.yaml",
          """
          schedules:
            both:
              cron: "0 3 * * *"
              every: 1h
              type: t
            neither:
              type: t
            untyped:
              every: 1h
            zoned:
              every: 1h
              zone: Europe/Berlin
              type: t
            wrong:
              cron: "0 25 * * *"
              zone: Europe/Berlim
              type: t
              priority: high
              overlap: maybe
              requires: {memory: {"~": 1}}
              payload: {a: 1, a: 2}
              colour: red
            flat: 5
          """);

      assertThat(mistakes())
          .containsExactly(
              "a.yaml:4: schedules.both has cron and every: expected either cron or every",
              "a.yaml:7: schedules.neither has neither cron nor every: expected either cron or"
                  + " every",
              "a.yaml:9: schedules.untyped.type is missing: expected the type of its jobs",
              "a.yaml:12: schedules.zoned.zone is for cron: every has no zone, leave it out",
              "a.yaml:15: schedules.wrong.cron: cron '0 25 * * *': hour '25' at character 3:"
                  + " expected 0 to 23",
              "a.yaml:16: schedules.wrong.zone: zone 'Europe/Berlim' is unknown: expected a name"
                  + " such as Europe/Berlin or UTC; did you mean Europe/Berlin?",
              "a.yaml:18: schedules.wrong.priority is 'high': expected a whole number from"
                  + " -2147483648 to 2147483647",
              "a.yaml:19: schedules.wrong.overlap is 'maybe': expected allow or skip",
              "a.yaml:20: schedules.wrong.requires: the required capability 'memory' was {~=1}:"
                  + " expected a text, a number, true or false, or an object of \">=\", \">\","
                  + " \"<\" or \"<=\" with a number, \"!=\" or \"contains\" with a value, \"in\""
                  + " with a list of values",
              "a.yaml:21: schedules.wrong.payload has 'a' twice: keep one",
              "a.yaml:22: unknown key schedules.wrong.colour",
              "a.yaml:23: schedules.flat is a section: expected keys below it");
    }

    @Test
    void are_shown_with_their_places() throws IOException {
      file(
          "a.yaml",
          """
          schedules:
            tick:
              every: 90s
              type: ping
              payload: [1, {a: b}]
          """);

      assertThat(load().entries())
          .filteredOn(entry -> entry.key().startsWith("schedules.tick."))
          .filteredOn(entry -> entry.origin().layer() == Origin.Layer.FILE)
          .extracting(entry -> entry.key() + "=" + entry.value().orElse(""))
          .containsExactly(
              "schedules.tick.type=ping",
              "schedules.tick.every=1m30s",
              "schedules.tick.payload=[1,{\"a\":\"b\"}]");
    }
  }
}
