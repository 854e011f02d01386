package dev.holdfast.torture.mutants;

import dev.holdfast.JobId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Waits for locked rows of jobs on PostgreSQL. */
final class LockedRows {
  private static final String LOCK =
      "select 1 from holdfast.jobs where id = any (?) order by id for update";

  private final String url;

  LockedRows(String url) {
    this.url = url;
  }

  /** Waits until none of them is locked. */
  void await(List<JobId> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement sql = connection.prepareStatement(LOCK)) {
      Array ids = connection.createArrayOf("uuid", jobs.stream().map(JobId::value).toArray());
      sql.setArray(1, ids);
      sql.execute();
    } catch (SQLException broken) {
      // without a connection there is nothing to wait for
    }
  }
}
