package dev.holdfast.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation.State;
import dev.holdfast.BulkRequest;
import dev.holdfast.JobFilter;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.JobStore;
import dev.holdfast.test.time.MovableTime;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bulk operations that cannot go on, such as those with a filter of a newer version. */
@Tag("R-76")
final class FailingOperationsTest {
  private static final BulkRequest RETRY = BulkRequest.of(BulkAction.RETRY, JobFilter.all());

  @TempDir private Path folder;

  @Test
  void do_not_hold_up_later_ones_and_can_be_cancelled() throws SQLException {
    try (JobStore store = new SqliteUnderTest(folder).open(new MovableTime())) {
      BulkStore operations = store.bulkOperations();
      UUID failing = operations.start(new UUID(0, 1), RETRY, "ops").id();
      UUID healthy = operations.start(new UUID(0, 2), RETRY, "ops").id();
      change("update bulk_operations set filter = '{\"no_such\":[\"x\"]}' where by_whom = 'ops'");
      change("update bulk_operations set filter = '{}' where id = " + blob(healthy));

      assertThatThrownBy(() -> operations.advance(10)).isInstanceOf(InvalidRequestException.class);
      assertThat(operations.advance(10)).isTrue();
      assertThat(operations.find(healthy).orElseThrow().state()).isEqualTo(State.DONE);
      assertThat(operations.list(10)).extracting(one -> one.id()).containsExactly(healthy);

      assertThatThrownBy(() -> operations.advance(10)).isInstanceOf(InvalidRequestException.class);
      operations.cancel(failing);
      assertThat(operations.advance(10)).isFalse();
    }
  }

  private static String blob(UUID id) {
    return "x'%s'".formatted(id.toString().replace("-", ""));
  }

  private void change(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("jobs.db"));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }
  }
}
