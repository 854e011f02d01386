package dev.holdfast.torture.strangers;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.torture.evidence.Journal;
import dev.holdfast.torture.evidence.Task;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A job enqueued in a caller's transaction that stays open, and is then committed or rolled back.
 */
public final class OpenCall implements Hold {
  private final Connection connection;
  private final Journal journal;
  private final List<Enqueued> answers;
  private final String what;
  private final boolean commits;

  private OpenCall(
      Connection connection,
      Journal journal,
      List<Enqueued> answers,
      String what,
      boolean commits) {
    this.connection = connection;
    this.journal = journal;
    this.answers = answers;
    this.what = what;
    this.commits = commits;
  }

  /**
   * Enqueues and leaves the transaction open.
   *
   * @param url the driver's URL of the store
   * @param journal the caller's own
   * @param commits whether it will be committed in the end
   * @return empty if the store refused it
   */
  public static Optional<OpenCall> begin(
      Holdfast holdfast, String url, Journal journal, Task task, boolean commits) {
    Connection connection = null;
    try {
      connection = DriverManager.getConnection(url);
      connection.setAutoCommit(false);
      journal.asks(List.of(task));
      Enqueued answer =
          holdfast.queue().in(JdbcTransaction.of(connection)).enqueue(task.toNewJob());
      String what = task.after().isPresent() ? "after" : "key";
      return Optional.of(new OpenCall(connection, journal, List.of(answer), what, commits));
    } catch (SQLException | HoldfastException refused) {
      if (connection != null) {
        Closing.quietly(connection);
      }
      return Optional.empty();
    }
  }

  @Override
  public String what() {
    return what;
  }

  @Override
  public Set<String> rows() {
    return Set.of();
  }

  /** Ends the transaction; the result is logged only after the commit has succeeded. */
  @Override
  public void end() {
    if (commits) {
      try {
        connection.commit();
        journal.isAnswered(answers);
      } catch (SQLException unknown) {
        // its outcome is unknown, and so it is in the journal
      }
    }
    Closing.quietly(connection);
  }
}
