package dev.holdfast.torture.actors;

import dev.holdfast.JobId;
import dev.holdfast.torture.evidence.LedgerLine;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Rest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A user's table, to which handlers write in the transactions that end their jobs. */
public final class Ledger {
  private static final String CREATE =
      "create table if not exists torture_ledger (job text not null, token bigint not null)";
  private static final String SYNCED = "set synchronous_commit to on";
  private static final String WRITE = "insert into torture_ledger (job, token) values (?, ?)";
  private static final String READ = "select job, token from torture_ledger";
  private static final int TRIES = 200;

  private final String url;

  /** Creates the ledger for the store at the driver's {@code url}. */
  Ledger(String url) {
    this.url = url;
  }

  /** Creates the table; several processes may try at once, and the store may be unavailable. */
  void create() {
    for (int left = TRIES; !isCreated(); left--) {
      if (left == 0) {
        throw new IllegalStateException("cannot create a table at " + url);
      }
      Rest.aLittle();
    }
  }

  private boolean isCreated() {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      if (url.startsWith("jdbc:postgresql:")) {
        statement.execute(SYNCED); // a server that loses commits in a crash keeps the table
      }
      statement.execute(CREATE);
      return true;
    } catch (SQLException again) {
      return false;
    }
  }

  /** Returns a connection with a transaction in which the row is written. */
  Connection begin(JobId job, long token) throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    try {
      connection.setAutoCommit(false);
      try (PreparedStatement sql = connection.prepareStatement(WRITE)) {
        sql.setString(1, job.toString());
        sql.setLong(2, token);
        sql.executeUpdate();
      }
      return connection;
    } catch (SQLException failure) {
      connection.close();
      throw failure;
    }
  }

  /** Writes all rows into the folder of a run, for the checker. */
  public static void dump(String url, Path folder) {
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement sql = connection.prepareStatement(READ);
        ResultSet row = sql.executeQuery();
        LineFile file = new LineFile(folder.resolve(LedgerLine.FILE), Durability.KILL)) {
      while (row.next()) {
        file.append(new LedgerLine(JobId.parse(row.getString(1)), row.getLong(2)).line());
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("the ledger cannot be read", failure);
    }
  }
}
