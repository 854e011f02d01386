package dev.holdfast.micrometer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeId;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.RetryPolicy;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.testkit.process.Eventually;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a real queue in a file. */
@org.junit.jupiter.api.Tag("R-68")
class HoldfastMetersTest {
  private static final Path REFERENCE = Path.of("../docs/reference/meters.md");

  @TempDir Path folder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Holdfast holdfast;
  private HoldfastMeters meters;

  @BeforeEach
  void open() {
    holdfast = Holdfast.open(folder.resolve("jobs.db").toString());
    meters = HoldfastMeters.bind(holdfast, registry, List.of("mail"));
  }

  @AfterEach
  void close() {
    holdfast.close();
    meters.close();
  }

  private void start() {
    holdfast.handle(
        "mail",
        String.class,
        (text, job) -> {
          if (text.equals("bad")) {
            throw new NotRetryableException("bad");
          }
          if (text.equals("twice") && job.attempt() == 1) {
            throw new IllegalStateException("once more");
          }
          return text;
        },
        HandlerPolicy.defaults().retry(RetryPolicy.fixed(Duration.ofMillis(1))));
    holdfast.start(NodeConfig.defaults().pollInterval(Duration.ofMillis(50)));
  }

  private double count(String name, String... tags) {
    return requireNonNull(registry.find(name).tags(tags).counter()).count();
  }

  private long timed(String name, String... tags) {
    return requireNonNull(registry.find(name).tags(tags).timer()).count();
  }

  private double gauge(String name, String... tags) {
    return requireNonNull(registry.find(name).tags(tags).gauge()).value();
  }

  private void run(String text) throws InterruptedException, ExecutionException {
    JobId id = holdfast.enqueue(NewJob.of("mail", text)).id();
    var unused = holdfast.await(id, Duration.ofMinutes(1)).get();
  }

  @Test
  void every_meter_is_there_from_the_start_at_zero() {
    for (Meter meter : registry.getMeters()) {
      if (meter.getId().getType() == Meter.Type.COUNTER
          || meter.getId().getType() == Meter.Type.TIMER) {
        meter
            .measure()
            .forEach(figure -> assertThat(figure.getValue()).as(meter.getId().toString()).isZero());
      }
    }
    assertThat(registry.find("holdfast.jobs.rescued").counters()).hasSize(4);
    assertThat(registry.find("holdfast.jobs.ended").tag("type", "mail").counters()).hasSize(3);
  }

  @Test
  void what_happens_to_jobs_is_counted_and_timed() throws Exception {
    start();
    run("well");
    run("twice");
    run("bad");

    assertThat(count("holdfast.jobs.enqueued", "type", "mail")).isEqualTo(3);
    assertThat(count("holdfast.jobs.ended", "type", "mail", "outcome", "completed")).isEqualTo(2);
    assertThat(count("holdfast.jobs.ended", "type", "mail", "outcome", "failed")).isEqualTo(1);
    assertThat(count("holdfast.jobs.retried", "type", "mail")).isEqualTo(1);
    assertThat(timed("holdfast.job.wait", "type", "mail")).isEqualTo(4);
    assertThat(timed("holdfast.job.run", "type", "mail")).isEqualTo(4);
    assertThat(timed("holdfast.store.transaction", "operation", "enqueue")).isEqualTo(3);
    assertThat(timed("holdfast.store.transaction", "operation", "exchange")).isPositive();
  }

  /** A node that claims a job and is never seen again. */
  private void claimAndVanish() {
    NodeId node = new NodeId(UUID.randomUUID());
    holdfast
        .embedding()
        .store()
        .nodes()
        .registerRemote(
            new NodeInfo(node, "gone", "elsewhere", 1, 0, "", "", "1"),
            new ServedWork(List.of(), Map.of("mail", RecoveryPolicy.RESUME), Map.of(), 1),
            NodeConfig.LEASE_MIN);
    Claim claim = new Claim(node, List.of(), Set.of("mail"), 1);
    assertThat(holdfast.embedding().store().exchange(List.of(), claim).claimed()).hasSize(1);
  }

  @Test
  void a_job_that_a_dead_node_left_is_counted_as_rescued() throws Exception {
    JobId id = holdfast.enqueue(NewJob.of("mail", "left")).id();
    claimAndVanish();
    start();

    assertThat(holdfast.await(id, Duration.ofMinutes(1)).get().state())
        .isEqualTo(JobState.COMPLETED);
    assertThat(count("holdfast.jobs.rescued", "cause", "lapse")).isEqualTo(1);
    Eventually.is("the node's end is timed", () -> timed("holdfast.recovery.delay") == 1);
    assertThat(count("holdfast.jobs.rescued", "cause", "crash")).isZero();
  }

  @Test
  void a_key_that_was_known_enqueues_nothing() {
    holdfast.enqueue(NewJob.of("mail", "once").unique("k"));
    holdfast.enqueue(NewJob.of("mail", "once").unique("k"));

    assertThat(count("holdfast.jobs.enqueued", "type", "mail")).isEqualTo(1);
  }

  @Test
  void gauges_tell_of_the_queue_and_of_the_node() {
    holdfast.enqueue(NewJob.of("mail", "waits"));
    holdfast.enqueue(NewJob.of("mail", "later").in(Duration.ofHours(1)));

    assertThat(gauge("holdfast.queue.jobs", "state", "pending")).isEqualTo(1);
    assertThat(gauge("holdfast.queue.jobs", "state", "scheduled")).isEqualTo(1);
    assertThat(gauge("holdfast.queue.oldest")).isNotNegative();
    assertThat(gauge("holdfast.node.slots")).isZero();
    start();
    Eventually.is("the node has slots", () -> gauge("holdfast.node.slots") == 10);
  }

  @Test
  void ten_thousand_types_share_a_few_labels() {
    for (int batch = 0; batch < 10; batch++) {
      int first = batch * 1_000;
      holdfast
          .queue()
          .enqueue(
              java.util.stream.IntStream.range(first, first + 1_000)
                  .mapToObj(number -> NewJob.of("type-" + number, "x"))
                  .toList());
    }

    Set<String> labels = new TreeSet<>();
    registry
        .find("holdfast.jobs.enqueued")
        .counters()
        .forEach(counter -> labels.add(requireNonNull(counter.getId().getTag("type"))));
    assertThat(labels).hasSize(HoldfastMeters.MORE_TYPES_MAX + 2).contains("mail", "other");
    assertThat(
            registry.find("holdfast.jobs.enqueued").counters().stream()
                .mapToDouble(c -> c.count())
                .sum())
        .isEqualTo(10_000);
  }

  @Test
  void nothing_is_left_in_the_registry_after_the_end() {
    holdfast.close();
    meters.close();

    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void prometheus_gets_histograms_that_can_be_added_up() throws Exception {
    PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (HoldfastMeters also = HoldfastMeters.bind(holdfast, prometheus, List.of("mail"))) {
      start();
      run("well");

      assertThat(prometheus.scrape())
          .contains("holdfast_job_run_seconds_bucket{type=\"mail\",le=\"3600.0\"} 1")
          .contains("holdfast_job_wait_seconds_bucket{type=\"other\",le=\"1.0\"} 0")
          .contains("holdfast_jobs_ended_total{outcome=\"completed\",type=\"mail\"} 1");
    }
  }

  /** Names, kinds, units and labels of the reference page are those of the registry. */
  @Test
  void the_reference_page_names_every_meter() throws IOException {
    TreeMap<String, String> rows = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      Meter.Id id = meter.getId();
      if (id.getDescription() == null) {
        continue; // a bucket of a timer, as this registry keeps it
      }
      rows.put(
          id.getName(),
          "| `%s` | %s | %s | %s | %s |"
              .formatted(
                  id.getName(),
                  id.getType().name().toLowerCase(java.util.Locale.ROOT),
                  id.getBaseUnit() == null ? "" : id.getBaseUnit(),
                  String.join(
                      ", ",
                      id.getTags().stream().map(Tag::getKey).map(key -> "`" + key + "`").toList()),
                  id.getDescription()));
    }

    String page = Files.readString(REFERENCE);
    assertThat(page).contains(String.join("\n", rows.values()));
  }
}
