package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Transition;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.testkit.sql.RecordedStatements;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plans of what every job goes through. A plan that walks over all that runs or waits is right
 * and passes every other test, and costs more with each job.
 */
final class ExchangePlansTest {
  private static final int JOBS = 120; // two statements of many rows, and single ones
  private static final NodeId NODE = new NodeId(new UUID(0, 2));
  private static final Claim CLAIM = new Claim(NODE, List.of(), Set.of("t"), Map.of(), JOBS);

  @TempDir private Path folder;

  @Test
  void no_statement_walks_over_other_jobs() throws SQLException {
    RecordedStatements statements = new RecordedStatements();
    Path file = folder.resolve("jobs.db");
    try (JobStore store = SqliteStores.open(file, new MovableTime(), statements::wrap)) {
      queue(store).enqueue(Collections.nCopies(2 * JOBS, NewJob.of("t", 1)));
      assertThat(statements.take("create table jobs")).isNotEmpty(); // forgets the migrations
      List<Claimed> first = store.exchange(List.of(), CLAIM).claimed();
      List<Acknowledgement> ends = first.stream().map(ExchangePlansTest::completed).toList();
      assertThat(store.exchange(ends, CLAIM).claimed()).hasSize(JOBS);
    }

    List<String> changes = statements.take("update jobs");
    assertThat(changes).anyMatch(sql -> sql.contains("'COMPLETED'"));
    assertThat(changes).anyMatch(sql -> sql.contains("'RUNNING', attempt"));
    for (String change : changes) {
      assertThat(plan(file, change)).as(change).contains("SEARCH jobs").doesNotContain("SCAN jobs");
    }
  }

  /** SQLite would build the list again for each row that is written: see ADR 36. */
  @Test
  void no_constraint_and_no_index_of_jobs_contains_a_list() throws SQLException {
    Path file = folder.resolve("jobs.db");
    SqliteStores.open(file, new MovableTime(), UnaryOperator.identity()).close();

    assertThat(
            rows(
                file,
                "select name from sqlite_schema where tbl_name = 'jobs' and type <> 'trigger'",
                "name"))
        .contains("jobs", "jobs_set_aside");
    assertThat(
            rows(
                file,
                """
                select name from sqlite_schema
                 where tbl_name = 'jobs' and type <> 'trigger' and sql like '% in (%'
                """,
                "name"))
        .isEmpty();
  }

  private static StoreQueue queue(JobStore store) {
    return new StoreQueue(
        store,
        new Handlers(new JacksonCodec()),
        new MovableTime(),
        new SplittableRandom(1),
        () -> {
          throw new IllegalStateException("nobody waits here");
        },
        Runnable::run);
  }

  private static Acknowledgement completed(Claimed job) {
    return new Acknowledgement(
        job.lease(),
        new Transition.Complete(Optional.empty()),
        Duration.ZERO,
        HandlerOutput.none(job.lease()));
  }

  private static String plan(Path file, String sql) throws SQLException {
    return String.join("\n", rows(file, "explain query plan " + sql, "detail"));
  }

  private static List<String> rows(Path file, String sql, String column) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(result.getString(column));
      }
      return rows;
    }
  }
}
