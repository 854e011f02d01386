package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Finding;
import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.cli.ChildJvm;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.WorkerProcess;
import dev.holdfast.http.Json;
import dev.holdfast.micrometer.HoldfastMeters;
import dev.holdfast.testkit.process.Eventually;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The alert rules and the dashboard name metrics and labels that exist: those of a server and of a
 * program whose jobs completed, failed, were retried, and were recovered from a killed process.
 */
@Tag("R-38")
class MonitoringTest {
  private static final JsonNode DASHBOARD =
      Json.read("the dashboard", text("packaging/grafana/holdfast.json"));
  private static final JsonNode RULES =
      new YAMLMapper().readTree(text("packaging/prometheus/holdfast-alerts.yaml"));

  /** The labels that Prometheus itself gives to what it scrapes. */
  private static final Set<String> OF_TARGETS = Set.of("job", "instance");

  /** Labels with a closed set of values, all of which were scraped. */
  private static final Set<String> CLOSED =
      Set.of("action", "outcome", "operation", "cause", "area");

  /**
   * Metrics that are not shown: the longest time since the last scrapes, which the histogram shows
   * better.
   */
  private static final Pattern NOT_SHOWN = Pattern.compile("holdfast_.*_seconds_max");

  @TempDir private static Path folder;
  private static Scrape scrape = Scrape.of();

  private static String text(String file) {
    return Repository.read(Repository.file(file));
  }

  @BeforeAll
  static void run_jobs() throws Exception {
    Cli cli = new Cli(folder);
    Map<String, String> env = Map.of("HOLDFAST_WORKER_LEASE", "1s");
    ChildJvm server =
        ChildJvm.holdfast(
            folder,
            Path.of("/dev/null"),
            env,
            "serve",
            "--port",
            "0",
            "--queues",
            "served",
            "--allow-exec",
            "true,false");
    try (WorkerProcess worker = WorkerProcess.start(folder, "doomed", 1)) {
      String metrics = server.awaitServer() + "/metrics";
      assertThat(exec(cli, "true").code()).isZero();
      assertThat(exec(cli, "false", "--max-attempts", "1").code()).isEqualTo(1);
      assertThat(exec(cli, "false", "--max-attempts", "2").code()).isEqualTo(1);
      var unused = worker.run(cli);
      worker.kill();
      Eventually.is(
          "the server reports the recovery",
          () -> {
            String text = get(metrics);
            return text.contains("holdfast_queue_lost_nodes 1.0")
                && text.contains("holdfast_queue_problems{problem=\"no-worker\"")
                && text.matches("(?s).*holdfast_queue_ended_per_second\\{[^}]*state=\"failed\".*")
                && text.matches(
                    "(?s).*holdfast_node_recovered_total\\{action=\"resumed\",[^}]*} 1\\.0.*");
          });
      scrape = Scrape.of(get(metrics), scrapeProgram(cli));
    } finally {
      server.killIfAlive();
      var unused = server.end();
    }
  }

  private static Cli.Result exec(Cli cli, String program, String... more) {
    Stream<String> line =
        Stream.of(
            "enqueue",
            "--wait",
            "--queue",
            "served",
            "--type",
            "exec",
            "--payload",
            "{\"argv\": [\"%s\"]}".formatted(program));
    return cli.run(Stream.concat(line, Stream.of(more)).toArray(String[]::new));
  }

  private static String get(String uri) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  /** Returns the meters of a program that embeds the queue. */
  private static String scrapeProgram(Cli cli) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (Holdfast holdfast = cli.open()) {
      holdfast.handle("mail", String.class, (who, job) -> "sent");
      HoldfastMeters meters = HoldfastMeters.bind(holdfast, registry, List.of("mail"));
      holdfast.start(NodeConfig.defaults().queues("mail"));
      var id = holdfast.enqueue(NewJob.of("mail", "ada").on("mail")).id();
      var unused = holdfast.await(id, Duration.ofSeconds(30)).join();
      String text = registry.scrape();
      meters.close();
      return text;
    }
  }

  private static Stream<JsonNode> rules() {
    return RULES.get("groups").valueStream().flatMap(group -> group.get("rules").valueStream());
  }

  private static Stream<JsonNode> panels() {
    return DASHBOARD
        .get("panels")
        .valueStream()
        .filter(panel -> !panel.get("type").asString().equals("row"));
  }

  private static Stream<String> expressionsOf(JsonNode panel) {
    return panel.get("targets").valueStream().map(target -> target.get("expr").asString());
  }

  /** Returns what is wrong with an expression. */
  private static List<String> mistakes(String expression) {
    List<String> mistakes = new ArrayList<>();
    PromQl query = PromQl.parse(expression);
    Set<String> known = new HashSet<>(OF_TARGETS);
    for (PromQl.Selector selector : query.selectors()) {
      String metric = selector.metric();
      known.addAll(scrape.labels(metric));
      if (metric.equals("up")) {
        continue; // of Prometheus itself
      }
      if (!scrape.has(metric)) {
        mistakes.add("no metric " + metric);
      }
      selector
          .matchers()
          .forEach(
              (label, text) -> {
                if (!OF_TARGETS.contains(label) && !scrape.labels(metric).contains(label)) {
                  mistakes.add("no label %s of %s".formatted(label, metric));
                }
                for (String value : text.split("\\|", -1)) {
                  if (!mayBe(metric, label, value)) {
                    mistakes.add("%s of %s is never %s".formatted(label, metric, value));
                  }
                }
              });
    }
    query.labels().stream()
        .filter(label -> !known.contains(label))
        .forEach(label -> mistakes.add("no label %s in %s".formatted(label, expression)));
    return mistakes;
  }

  private static boolean mayBe(String metric, String label, String value) {
    return switch (label) {
      case "state" ->
          Stream.of(JobState.values())
              .anyMatch(state -> state.name().toLowerCase(Locale.ROOT).equals(value));
      case "severity" ->
          Stream.of(Finding.Gravity.values())
              .anyMatch(gravity -> gravity.name().toLowerCase(Locale.ROOT).equals(value));
      case "problem" ->
          text("core/src/main/java/dev/holdfast/Problems.java").contains('"' + value + '"');
      default -> !CLOSED.contains(label) || scrape.values(metric, label).contains(value);
    };
  }

  @Nested
  class The_rules {
    @Test
    void name_metrics_and_labels_that_exist() {
      assertThat(rules().flatMap(rule -> mistakes(rule.get("expr").asString()).stream())).isEmpty();
    }

    @Test
    void each_have_a_severity_a_summary_and_a_cure() {
      assertThat(rules()).hasSizeGreaterThan(20);
      assertThat(rules())
          .allSatisfy(
              rule -> {
                assertThat(rule.get("alert").asString()).matches("Holdfast[A-Z][A-Za-z]+");
                assertThat(rule.at("/labels/severity").asString())
                    .isIn("critical", "warning", "info");
                assertThat(rule.at("/annotations/summary").asString()).endsWith(".");
                assertThat(rule.at("/annotations/cure").asString()).isNotBlank();
              });
    }

    @Test
    void use_labels_that_their_alerts_have() {
      Pattern used = Pattern.compile("\\$labels\\.(\\w+)");
      assertThat(rules())
          .allSatisfy(
              rule -> {
                PromQl query = PromQl.parse(rule.get("expr").asString());
                Set<String> labels = new HashSet<>(query.labels());
                if (query.selectors().get(0).metric().equals("up")) {
                  labels.addAll(OF_TARGETS);
                }
                String annotations = rule.get("annotations").toString();
                assertThat(used.matcher(annotations).results().map(found -> found.group(1)))
                    .isSubsetOf(labels);
              });
    }

    @Test
    void cure_by_commands_that_exist() {
      String reference = text("docs/reference/cli.md");
      Pattern command = Pattern.compile("holdfast ([a-z]+(?:-[a-z]+)*)");
      Set<String> commands =
          rules()
              .map(rule -> rule.at("/annotations/cure").asString())
              .flatMap(cure -> command.matcher(cure).results())
              .map(found -> found.group(1))
              .collect(Collectors.toCollection(TreeSet::new));

      assertThat(commands).contains("cleanup-dead", "failures", "recoveries", "explain");
      assertThat(commands).allMatch(name -> reference.contains("\n## holdfast " + name + "\n"));
    }
  }

  @Nested
  class The_dashboard {
    @Test
    void names_metrics_and_labels_that_exist() {
      assertThat(
              panels()
                  .flatMap(MonitoringTest::expressionsOf)
                  .flatMap(expression -> mistakes(expression).stream()))
          .isEmpty();
    }

    @Test
    void shows_all_that_an_operator_would_miss() {
      Set<String> shown =
          panels()
              .flatMap(MonitoringTest::expressionsOf)
              .flatMap(expression -> PromQl.parse(expression).selectors().stream())
              .map(selector -> family(selector.metric()))
              .collect(Collectors.toSet());

      assertThat(scrape.metrics().keySet())
          .filteredOn(metric -> metric.startsWith("holdfast_"))
          .filteredOn(metric -> !NOT_SHOWN.matcher(metric).matches())
          .hasSizeGreaterThan(20)
          .allMatch(metric -> shown.contains(family(metric)));
    }

    /** Returns the name of a histogram's metrics without their ending. */
    private static String family(String metric) {
      return metric.replaceFirst("_seconds_(bucket|count|sum)$", "_seconds");
    }

    @Test
    void has_a_title_a_unit_and_a_description_on_each_panel() {
      assertThat(panels()).hasSizeGreaterThan(20);
      assertThat(panels())
          .allSatisfy(
              panel -> {
                assertThat(panel.get("title").asString()).isNotBlank();
                assertThat(panel.at("/fieldConfig/defaults/unit").asString()).isNotBlank();
                assertThat(panel.get("description").asString()).endsWith(".");
              });
      assertThat(panels().map(panel -> panel.get("title").asString())).doesNotHaveDuplicates();
    }

    @Test
    void has_no_panel_over_another() {
      Set<String> taken = new HashSet<>();
      for (JsonNode panel : DASHBOARD.get("panels")) {
        JsonNode place = panel.get("gridPos");
        assertThat(place.get("x").intValue() + place.get("w").intValue()).isLessThanOrEqualTo(24);
        for (int x = 0; x < place.get("w").intValue(); x++) {
          for (int y = 0; y < place.get("h").intValue(); y++) {
            String cell = (place.get("x").intValue() + x) + "," + (place.get("y").intValue() + y);
            assertThat(taken.add(cell)).as("%s is free at %s", cell, panel.get("title")).isTrue();
          }
        }
      }
    }
  }

  @Nested
  class The_check {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "holdfast_job > 0",
          "holdfast_queue_jobs{status=\"failed\"}",
          "holdfast_queue_jobs{state=\"dead\"}",
          "holdfast_node_recovered_total{action=\"crash_loops\"}",
          "holdfast_queue_problems{problem=\"stuck\"}",
          "sum by (node) (holdfast_queue_jobs)",
          "rate(holdfast_jobs_enqueued[5m])",
          "sum by (queue, le) (rate(holdfast_job_run_seconds_bucket[5m]))",
        })
    void finds_names_that_do_not_exist(String expression) {
      assertThat(mistakes(expression)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "sum(holdfast_queue_jobs",
          "sum(holdfast_queue_jobs]",
          "smu(holdfast_queue_jobs)",
          "holdfast_queue_jobs{state}",
          "holdfast_queue_jobs{state=failed}",
          "sum by (queue holdfast_queue_jobs",
          "holdfast_queue_jobs or",
          "1 > 0",
          "holdfast_queue_jobs ! 1",
        })
    void refuses_what_is_no_expression(String expression) {
      assertThatThrownBy(() -> PromQl.parse(expression))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(expression);
    }
  }
}
