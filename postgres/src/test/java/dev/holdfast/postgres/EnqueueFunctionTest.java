package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.PageRequest;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobField;
import dev.holdfast.testkit.postgres.PostgresDatabases;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code holdfast_enqueue}, called like a client without Java. */
@Tag("R-04")
final class EnqueueFunctionTest {
  private static final Duration WAIT = Duration.ofMinutes(1);

  private final PostgresDatabases databases = PostgresDatabases.shared(18);
  private String url = "";
  private Holdfast holdfast;
  private Connection psql;

  @BeforeEach
  void open() throws SQLException {
    url = databases.create();
    holdfast = Holdfast.open(url);
    psql = DriverManager.getConnection(url);
  }

  @AfterEach
  void close() throws SQLException {
    psql.close();
    holdfast.close();
    databases.drop(url);
  }

  private JobId call(String arguments) throws SQLException {
    try (Statement statement = psql.createStatement();
        ResultSet row =
            statement.executeQuery("select holdfast.holdfast_enqueue(" + arguments + ")")) {
      row.next();
      return new JobId(row.getObject(1, UUID.class));
    }
  }

  @Test
  @Tag("R-14")
  void marks_jobs_whose_fields_are_to_be_indexed() throws SQLException {
    List<JobField> fields = List.of(JobField.parse("payload.to"));
    holdfast.queue().queues().configure("mail", settings -> settings.indexedFields(fields));
    JobId id = call("'greet', '{\"to\": \"Ada\"}', 'mail'");
    JobId other = call("'greet', '{\"to\": \"Bob\"}', 'mail'");
    call("'greet', '{\"to\": \"Ada\"}', 'plain'");
    assertThat(count("job_fields")).isEqualTo(2);

    JobFilter ada = JobFilter.all().queue("mail").field(FieldMatch.parse("payload.to=Ada"));
    assertThat(holdfast.queue().list(ada, PageRequest.first(9)).items())
        .extracting(Job::id)
        .containsExactly(id)
        .doesNotContain(other);
  }

  private long count(String table) throws SQLException {
    try (Statement statement = psql.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from holdfast." + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Uses a worker that polls only once an hour. */
  @Test
  void enqueues_what_a_worker_that_is_woken_runs_at_once() throws SQLException {
    holdfast.handle("greet", String.class, (who, job) -> "Hello, " + who + "!");
    holdfast.start(NodeConfig.defaults().pollInterval(Duration.ofHours(1)));
    holdfast.await(holdfast.enqueue(NewJob.of("greet", "Bob")).id(), WAIT).join();

    JobId id = call("'greet', '\"Ada\"', wake => true");

    Job job = holdfast.await(id, WAIT).join();
    assertThat(job.result()).contains("\"Hello, Ada!\"");
    assertThat(job.createdBy()).contains("postgres");
  }

  @Test
  void keeps_all_that_was_said() throws SQLException {
    JobId id =
        call(
            "'t', '{\"n\": 1}', queue => 'letters', priority => 3, job_group => 'g',"
                + " run_at => '2026-01-31 10:00:00Z', idempotency_key => 'k', max_attempts => 2,"
                + " timeout => '90 s', payload_version => 5, created_by => 'ada'");

    Job job = holdfast.find(id).orElseThrow();
    assertThat(job.payload()).isEqualTo("{\"n\": 1}");
    assertThat(job.queue()).isEqualTo("letters");
    assertThat(job.priority()).isEqualTo(3);
    assertThat(job.group()).contains("g");
    assertThat(job.runAt()).isEqualTo("2026-01-31T10:00:00Z");
    assertThat(job.key()).contains("k");
    assertThat(job.maxAttempts()).isEqualTo(2);
    assertThat(job.timeout()).contains(Duration.ofSeconds(90));
    assertThat(job.payloadVersion()).isEqualTo(5);
    assertThat(job.createdBy()).contains("ada");
  }

  @Test
  void gives_ids_of_version_7_in_the_order_of_time() throws SQLException {
    JobId one = call("'t'");
    JobId other = call("'t', delay => '1 hour'");

    for (JobId id : List.of(one, other)) {
      assertThat(id.value().version()).isEqualTo(7);
      assertThat(id.value().variant()).isEqualTo(2);
      assertThat(id.value().getMostSignificantBits() >>> 16)
          .isEqualTo(holdfast.find(id).orElseThrow().createdAt().toEpochMilli());
    }
    assertThat(holdfast.find(one).orElseThrow().state()).isEqualTo(JobState.PENDING);
    assertThat(holdfast.find(other).orElseThrow().state()).isEqualTo(JobState.SCHEDULED);
  }

  @Test
  @Tag("R-05")
  void returns_the_first_job_for_a_known_key_of_any_caller() throws SQLException {
    JobId first = call("'t', idempotency_key => 'k'");
    JobId fromJava = holdfast.enqueue(NewJob.of("t", "x").unique("j")).id();

    assertThat(call("'t', idempotency_key => 'k'")).isEqualTo(first);
    assertThat(holdfast.enqueue(NewJob.of("t", "x").unique("k")).id()).isEqualTo(first);
    assertThat(call("'t', idempotency_key => 'j'")).isEqualTo(fromJava);
    assertThat(call("'t', idempotency_key => 'other'")).isNotIn(first, fromJava);
  }

  @Test
  void is_a_part_of_the_transaction_that_calls_it() throws SQLException {
    psql.setAutoCommit(false);
    JobId id = call("'t'");

    psql.rollback();

    assertThat(holdfast.find(id)).isEmpty();
  }

  /**
   * Counts how many of five others run first; with a random order, that it is the first is very
   * unlikely.
   */
  @ParameterizedTest
  @CsvSource({"PRIORITY, 0", "FIFO, 5", "LIFO, 0", "FAIR, 1", "WEIGHTED_RANDOM, 5"})
  @Tag("R-13")
  void puts_the_job_into_the_order_of_its_queue(ClaimOrder order, int ahead) throws SQLException {
    holdfast.queue().queues().configure("default", was -> was.order(ClaimOrder.LIFO));
    holdfast.queue().queues().configure("default", was -> was.order(order));
    boolean isByLot = order == ClaimOrder.WEIGHTED_RANDOM;
    for (int i = 0; i < 5; i++) {
      call("'t', job_group => 'many', priority => 5, run_at => now() - interval '1 hour'");
    }
    JobId single = call("'t', job_group => 'few', priority => %d".formatted(isByLot ? -10_000 : 9));

    String why = holdfast.queue().explain(single).reasons().toString();
    assertThat(why.contains("OTHERS_FIRST")).isEqualTo(ahead > 0);
    assertThat(why).contains(ahead > 0 ? "come before it: " + ahead : "");
  }

  @Test
  void refuses_what_the_java_api_refuses() {
    assertThatThrownBy(() -> call("''")).hasMessageContaining("the type must have 1 to 200");
    assertThatThrownBy(() -> call("'t', queue => E'a\\nb'")).hasMessageContaining("the queue must");
    assertThatThrownBy(() -> call("'t', job_group => ''")).hasMessageContaining("the group must");
    assertThatThrownBy(() -> call("'t', idempotency_key => repeat('k', 201)"))
        .hasMessageContaining("the idempotency key must");
    assertThatThrownBy(() -> call("'t', max_attempts => 0")).hasMessageContaining("max_attempts");
    assertThatThrownBy(() -> call("'t', payload_version => 0"))
        .hasMessageContaining("payload_version");
    for (String none : List.of("-00:00:01", "36501 days")) {
      for (String parameter : List.of("delay", "timeout", "key_kept")) {
        assertThatThrownBy(() -> call("'t', %s => '%s'".formatted(parameter, none)))
            .hasMessageContaining(parameter + " must");
      }
    }
    assertThatThrownBy(() -> call("'t', to_json(repeat('x', 1048576))"))
        .hasMessageContaining("1048576 bytes");
  }
}
