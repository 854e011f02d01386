package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.jdbc.JdbcTransaction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Many jobs of one call, which are written by COPY, with the same results as by other statements.
 */
class CopiedJobsTest {
  private static final int MANY = CopyRows.ROWS_MIN;

  private TestDatabase database;
  private Holdfast holdfast;

  @BeforeEach
  void open() {
    database = TestDatabase.on(18);
    holdfast = Holdfast.open(database.url());
  }

  @AfterEach
  void close() {
    holdfast.close();
    database.close();
  }

  private static List<NewJob> jobs(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> NewJob.of("t", i).withId(new JobId(UUID.randomUUID())))
        .toList();
  }

  private static List<JobId> ids(List<NewJob> jobs) {
    return jobs.stream().map(job -> job.id().orElseThrow()).toList();
  }

  private static List<JobId> idsOf(List<Enqueued> answers) {
    return answers.stream().map(Enqueued::id).toList();
  }

  /** Returns the payloads of all jobs. */
  private List<Integer> payloads() throws SQLException {
    return rows(database.url(), "select payload from holdfast.jobs").stream()
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }

  private static List<Integer> numbers(int number) {
    return IntStream.range(0, number).boxed().toList();
  }

  private static List<String> rows(String url, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      while (row.next()) {
        rows.add(row.getString(1));
      }
      return rows;
    }
  }

  @Test
  void are_the_same_rows_as_those_that_are_written_one_by_one() throws Exception {
    Instant inAYear = Instant.parse("2199-01-01T00:00:00.123456Z");
    List<NewJob> jobs = new ArrayList<>(jobs(MANY - 4));
    jobs.add(
        NewJob.of("größe", Map.of("a", "\u0000 ü \ud83d\ude00"))
            .withId(new JobId(UUID.randomUUID()))
            .version(3)
            .on("other")
            .priority(-7)
            .in(Duration.ofHours(1))
            .maxAttempts(9)
            .timeout(Duration.ofSeconds(5))
            .group("g")
            .tags("x", "y")
            .metadata(Map.of("m", 1))
            .requires(Map.of("gpu", true))
            .createdBy("me"));
    jobs.add(NewJob.of("t", null).withId(new JobId(UUID.randomUUID())).at(inAYear).group("at"));
    jobs.add(NewJob.of("t", "x".repeat(900_000)).withId(new JobId(UUID.randomUUID())));
    jobs.add(NewJob.of("t", 1).withId(new JobId(UUID.randomUUID())).unique("key"));
    String query =
        """
        select (to_jsonb(j) - 'created_at' - 'updated_at' - 'run_at')::text || ' '
               || (updated_at - created_at) || ' '
               || case when job_group = 'at' then run_at else run_at - created_at end
          from holdfast.jobs j order by id
        """;

    holdfast.queue().enqueue(jobs);

    try (TestDatabase second = TestDatabase.on(18);
        Holdfast byOne = Holdfast.open(second.url())) {
      jobs.forEach(byOne::enqueue);
      assertThat(rows(database.url(), query)).isEqualTo(rows(second.url(), query));
    }
  }

  @Test
  void are_written_once_when_they_come_again() throws Exception {
    List<NewJob> jobs = jobs(MANY + 1);
    holdfast.queue().enqueue(jobs.subList(0, MANY));

    assertThat(idsOf(holdfast.queue().enqueue(jobs))).isEqualTo(ids(jobs));

    assertThat(payloads()).isEqualTo(numbers(MANY + 1));
  }

  @Test
  void are_written_once_when_one_is_twice_in_a_call() throws Exception {
    List<NewJob> jobs = new ArrayList<>(jobs(MANY));
    jobs.add(jobs.get(0));

    assertThat(idsOf(holdfast.queue().enqueue(jobs))).isEqualTo(ids(jobs));

    assertThat(payloads()).isEqualTo(numbers(MANY));
  }

  @Test
  void are_written_in_parts_of_one_transaction_of_which_one_came_before() throws Exception {
    List<NewJob> jobs = jobs(12_000);
    holdfast.enqueue(jobs.get(6_000));

    holdfast.queue().enqueue(jobs);

    assertThat(payloads()).isEqualTo(numbers(12_000));
  }

  @Test
  void leave_a_callers_transaction_as_it_was_when_they_come_again() throws Exception {
    List<NewJob> jobs = jobs(MANY + 1);
    holdfast.enqueue(jobs.get(0));
    try (Connection connection = DriverManager.getConnection(database.url())) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("create table mine (n int)");

        holdfast.queue().in(JdbcTransaction.of(connection)).enqueue(jobs);

        statement.execute("insert into mine values (1)");
        connection.commit();
      }
    }

    assertThat(payloads()).isEqualTo(numbers(MANY + 1));
    assertThat(rows(database.url(), "select n::text from mine")).containsExactly("1");
  }

  @Test
  void are_all_gone_when_the_callers_transaction_is_rolled_back() throws Exception {
    try (Connection connection = DriverManager.getConnection(database.url())) {
      connection.setAutoCommit(false);
      holdfast.queue().in(JdbcTransaction.of(connection)).enqueue(jobs(MANY));
      connection.rollback();
    }

    assertThat(payloads()).isEmpty();
  }
}
