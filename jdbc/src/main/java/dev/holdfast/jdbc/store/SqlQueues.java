package dev.holdfast.jdbc.store;

import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSummary;
import dev.holdfast.RunNext;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.QueueRows;
import dev.holdfast.jdbc.dialect.QueueView;
import dev.holdfast.jdbc.dialect.TypeLimits;
import dev.holdfast.spi.QueueStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The queues over JDBC. */
final class SqlQueues implements QueueStore {
  private final Database database;
  private final ClaimOrderSwitch claimOrderSwitch;
  private final ManualMode manualMode;
  private final QueueView view;

  SqlQueues(Database database, Dialect dialect, ClaimOrderSwitch claimOrderSwitch, QueueView view) {
    this.database = database;
    this.claimOrderSwitch = claimOrderSwitch;
    this.manualMode = new ManualMode(dialect);
    this.view = view;
  }

  @Override
  public QueueSettings settings(String queue) {
    return database.read(
        ConnectionUse.CALLERS, session -> QueueRows.get(session, queue).settings());
  }

  @Override
  public QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    return claimOrderSwitch.configure(queue, change);
  }

  @Override
  public int reRank(int limit) {
    return claimOrderSwitch.reorder(limit);
  }

  @Override
  public void limitType(String type, @Nullable Integer concurrency) {
    database.write(
        ConnectionUse.CALLERS, tx -> TypeLimits.put(tx, type, Optional.ofNullable(concurrency)));
    view.forget();
  }

  @Override
  public RunNext runNext(String queue, String by) {
    return database.write(ConnectionUse.CALLERS, tx -> manualMode.next(tx, queue));
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return database.read(ConnectionUse.CALLERS, TypeLimits::all);
  }

  @Override
  public boolean pause(String queue, String by) {
    return database.write(ConnectionUse.CALLERS, tx -> QueueRows.pause(tx, queue, by));
  }

  @Override
  public boolean resume(String queue) {
    return database.write(ConnectionUse.CALLERS, tx -> QueueRows.resume(tx, queue));
  }

  @Override
  public List<QueueSummary> list() {
    long now = database.now();
    return database.read(ConnectionUse.CALLERS, session -> QueueSummaries.all(session, now));
  }
}
