package dev.holdfast.sqlite;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.spi.SystemTime;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.Optimized;
import dev.holdfast.spi.upkeep.Relation;
import dev.holdfast.spi.upkeep.Space;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Optimization, statistics and verification of a file. */
@Tag("R-52")
class SqliteOptimizationTest {
  @TempDir Path folder;
  private Path file;
  private Holdfast holdfast;
  private final List<JobId> doomed = new ArrayList<>();

  @BeforeEach
  void open() {
    file = folder.resolve("jobs.db");
    holdfast = Holdfast.open(file.toString());
  }

  @AfterEach
  void close() {
    holdfast.close();
  }

  private Upkeep upkeep() {
    return holdfast.embedding().upkeep();
  }

  /** Leaves about this many free megabytes in the file. */
  private void freeMegabytes(int megabytes) {
    for (int i = 0; i < megabytes; i++) {
      List<JobId> ids =
          holdfast
              .queue()
              .enqueue(
                  IntStream.range(0, 10)
                      .mapToObj(n -> NewJob.of("t", "x".repeat(100_000)))
                      .toList())
              .stream()
              .map(Enqueued::id)
              .toList();
      doomed.addAll(ids);
    }
    holdfast.queue().delete(doomed);
  }

  /** Leaves half of this many megabytes free, between pages that are in use. */
  private void freeEverySecond(int megabytes) {
    for (int i = 0; i < megabytes * 50; i++) {
      JobId kept = holdfast.enqueue(NewJob.of("kept", "x".repeat(10_000))).id();
      assertThat(kept).isNotNull();
      doomed.add(holdfast.enqueue(NewJob.of("t", "x".repeat(10_000))).id());
    }
    holdfast.queue().delete(doomed);
  }

  private static long free(Space space) {
    return space.freeBytes().orElseThrow();
  }

  @Test
  void a_file_of_another_mode_keeps_its_free_pages_and_says_what_to_do() {
    freeMegabytes(2);

    Optimized done = upkeep().optimize();

    assertThat(free(done.before())).isGreaterThan(2_000_000);
    assertThat(done.after()).satisfies(after -> assertThat(free(after)).isGreaterThan(1_900_000));
    assertThat(done.notes()).singleElement().asString().contains("optimize --full", "free bytes");
  }

  @Test
  void a_full_optimization_lets_later_ones_release_pages() {
    freeMegabytes(2);
    Optimized full = upkeep().rebuild();
    assertThat(full.before().bytes() - full.after().bytes()).isGreaterThan(1_900_000);
    assertThat(file).hasSize(full.after().bytes());
    doomed.clear();
    freeMegabytes(2);

    Optimized done = upkeep().optimize();

    assertThat(free(done.before())).isGreaterThan(2_000_000);
    assertThat(free(done.after())).isLessThan(100_000);
    assertThat(done.notes()).isEmpty();
    assertThat(file).hasSize(done.after().bytes());
    assertThat(upkeep().verify()).isEmpty();
  }

  @Test
  void pages_are_released_in_steps_of_one_megabyte_at_most() {
    Optimized unused = upkeep().rebuild();
    freeMegabytes(5);

    try (ConnectionSession session = Connections.openAlone(file)) {
      assertThat(new PageRelease(session, new SystemTime()).run()).isGreaterThanOrEqualTo(5);
      assertThat(free(FileOptimization.space(session))).isLessThan(100_000);
    }
  }

  @Test
  @Tag("slow")
  void no_writer_waits_long_while_pages_are_released() throws InterruptedException {
    Optimized unused = upkeep().rebuild();
    freeEverySecond(60);
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicLong longest = new AtomicLong();
    AtomicLong written = new AtomicLong();
    try (Holdfast other = Holdfast.open(file.toString())) {
      Enqueued first = other.enqueue(NewJob.of("t", 0)); // the slow one
      assertThat(first.id()).isNotNull();
      Thread writer =
          new Thread(
              () -> {
                while (!isOver.get()) {
                  long began = System.nanoTime();
                  other.enqueue(NewJob.of("t", 1));
                  longest.accumulateAndGet(System.nanoTime() - began, Math::max);
                  written.incrementAndGet();
                  assertThat(other.queue().status().nodes())
                      .isEmpty(); // the file is free meanwhile
                }
              });
      writer.start();
      Optimized done;
      try {
        done = upkeep().optimize();
      } finally {
        isOver.set(true);
        writer.join();
      }
      assertThat(free(done.before())).isGreaterThan(20_000_000);
      assertThat(free(done.after())).isLessThan(1_000_000);
    }
    assertThat(written.get()).isGreaterThan(10);
    assertThat(Duration.ofNanos(longest.get())).isLessThan(Duration.ofMillis(500));
  }

  @Test
  void sizes_of_a_large_file_are_estimated_from_its_first_pages() {
    List<Enqueued> unused =
        holdfast
            .queue()
            .enqueue(
                IntStream.range(0, 10_000)
                    .mapToObj(n -> NewJob.of("t", "x".repeat(1_000)))
                    .toList());
    try (ConnectionSession session = Connections.openAlone(file)) {
      assertThat(new FileStats(session, 0).read(0).notes())
          .singleElement()
          .asString()
          .contains("maintain analyze");
      upkeep().analyze();

      DatabaseStats estimated = new FileStats(session, 0).read(0);

      assertThat(estimated.notes()).singleElement().asString().contains("estimates");
      Map<String, Relation> exact = byName(new FileStats(session, Integer.MAX_VALUE).read(0));
      assertThat(estimated.relations()).anyMatch(Relation::isEstimated);
      assertThat(byName(estimated))
          .allSatisfy(
              (name, one) ->
                  assertThat((double) one.bytes())
                      .as(name)
                      .isBetween(
                          requireNonNull(exact.get(name)).bytes() * 0.5,
                          exact.get(name).bytes() * 2.0));
    }
  }

  private static Map<String, Relation> byName(DatabaseStats stats) {
    return stats.relations().stream()
        .collect(Collectors.toMap(Relation::name, Function.identity()));
  }

  @Test
  void rows_that_refer_to_nothing_are_found() throws SQLException {
    sql(
        "pragma foreign_keys = off",
        """
        insert into webhook_deliveries (webhook, event, subject, at, data)
        values ('gone', 'completed', 'x', 0, '{}')
        """);

    assertThat(upkeep().verify())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.code()).isEqualTo("reference-dangling");
              assertThat(one.text()).contains("webhook_deliveries", "webhooks");
            });
  }

  @Test
  void an_index_that_does_not_match_its_table_is_found() throws SQLException {
    holdfast.enqueue(NewJob.of("t", 1));
    sql(
        "pragma writable_schema = on",
        "update sqlite_schema set sql = replace(sql, 'where state = ''SCHEDULED''',"
            + " 'where state = ''PENDING''') where name = 'jobs_scheduled'");
    try (Holdfast other = Holdfast.open(file.toString())) {
      assertThat(other.embedding().upkeep().verify())
          .isNotEmpty()
          .allMatch(one -> one.code().equals("file-damaged"));
    }
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }
}
