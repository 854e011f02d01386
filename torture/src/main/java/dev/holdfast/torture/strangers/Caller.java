package dev.holdfast.torture.strangers;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Journal;
import dev.holdfast.torture.evidence.Task;
import dev.holdfast.torture.evidence.Work;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/** A caller that enqueues in its own transactions and leaves them open. Keeps a journal. */
public final class Caller implements AutoCloseable {
  private static final String UNFINISHED =
      """
      select id from jobs where state in ('RUNNING', 'PENDING', 'SCHEDULED')
       order by case state when 'RUNNING' then 0 else 1 end limit 10
      """;
  private static final Work SHORT = new Work(10, 1, 50, false);

  private final Holdfast holdfast;
  private final String url;
  private final Journal journal;
  private final SplittableRandom random;

  /**
   * Creates a caller.
   *
   * @param url the driver's URL of the store
   * @param folder the folder of its journal
   */
  public Caller(Holdfast holdfast, String url, Path folder, SplittableRandom random) {
    this.holdfast = holdfast;
    this.url = url;
    this.journal = new Journal(folder.resolve("caller" + Journal.ENDING));
    this.random = random;
  }

  /** Enqueues a job that waits for one that is not finished. */
  public Optional<OpenCall> after() {
    List<JobId> unfinished = unfinished();
    return unfinished.isEmpty()
        ? Optional.empty()
        : begin(Optional.empty(), Optional.of(unfinished.get(random.nextInt(unfinished.size()))));
  }

  /**
   * Enqueues with an idempotency key that producers use at the same time.
   *
   * @param tasks the approximate number of jobs they have requested
   */
  public Optional<OpenCall> withKey(long tasks) {
    return begin(
        Optional.of(Task.sharedKey(tasks + random.nextLong(Task.KEY_SPAN))), Optional.empty());
  }

  private Optional<OpenCall> begin(Optional<String> key, Optional<JobId> after) {
    Task task =
        new Task(
            Task.newId(random),
            Behaviour.COMPLETE,
            NewJob.DEFAULT_QUEUE,
            0,
            0,
            NewJob.DEFAULT_MAX_ATTEMPTS,
            key,
            after,
            SHORT);
    return OpenCall.begin(holdfast, url, journal, task, random.nextInt(4) > 0);
  }

  private List<JobId> unfinished() {
    List<JobId> ids = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url)) {
      if (!url.startsWith("jdbc:sqlite:")) {
        connection.setSchema("holdfast");
      }
      try (PreparedStatement sql = connection.prepareStatement(UNFINISHED);
          ResultSet row = sql.executeQuery()) {
        while (row.next()) {
          ids.add(id(row));
        }
      }
    } catch (SQLException noStore) {
      return List.of();
    }
    return ids;
  }

  private static JobId id(ResultSet row) throws SQLException {
    if (row.getObject(1) instanceof byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new JobId(new UUID(buffer.getLong(), buffer.getLong()));
    }
    return new JobId(row.getObject(1, UUID.class));
  }

  @Override
  public void close() {
    journal.close();
  }
}
