package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Finding;
import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.upkeep.OldestTransaction;
import dev.holdfast.spi.upkeep.Optimized;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Figures and checks of a database on PostgreSQL. */
@Tag("R-52")
class PostgresUpkeepTest {
  private final TestDatabase database = TestDatabase.on(18);
  private Holdfast holdfast;

  @BeforeEach
  void open() {
    holdfast = Holdfast.open(database.url());
  }

  @AfterEach
  void close() {
    holdfast.close();
    database.close();
  }

  private Upkeep upkeep() {
    return holdfast.embedding().upkeep();
  }

  private void deleteNineOfTenJobs() {
    for (int i = 0; i < 4; i++) {
      List<JobId> ids =
          holdfast
              .queue()
              .enqueue(
                  IntStream.range(0, 500)
                      .mapToObj(n -> NewJob.of("t", "x".repeat(1_000) + n))
                      .toList())
              .stream()
              .map(one -> one.id())
              .toList();
      holdfast.queue().delete(ids.stream().filter(id -> ids.indexOf(id) % 10 > 0).toList());
    }
  }

  @Test
  void a_full_optimization_gives_the_space_of_dead_rows_back() {
    deleteNineOfTenJobs();

    Optimized done = upkeep().rebuild();

    assertThat(done.after().bytes()).isLessThan(done.before().bytes() / 2);
    assertThat(done.after().deadRows()).contains(0L);
    assertThat(upkeep().stats().space().bytes()).isEqualTo(done.after().bytes());
  }

  @Test
  void the_oldest_transaction_is_named_with_its_age() throws SQLException {
    try (Connection other =
            DriverManager.getConnection(database.url() + "&ApplicationName=report");
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("select 1");

      OldestTransaction oldest = upkeep().stats().oldest().orElseThrow();

      assertThat(oldest.who()).contains("application 'report'", "idle in transaction");
      assertThat(oldest.age()).isPositive();
    }
  }

  @Test
  void an_invalid_index_and_an_unchecked_constraint_are_found() throws SQLException {
    try (Connection other = DriverManager.getConnection(database.url());
        Statement statement = other.createStatement()) {
      statement.execute(
          "update pg_index set indisvalid = false"
              + " where indexrelid = 'holdfast.jobs_scheduled'::regclass");
      statement.execute(
          "alter table holdfast.jobs add constraint positive check (priority > -99999) not valid");
    }

    assertThat(upkeep().verify())
        .filteredOn(one -> one.gravity() != Finding.Gravity.NOTE)
        .extracting(Finding::code)
        .containsExactly("index-invalid", "constraint-not-validated");
  }
}
