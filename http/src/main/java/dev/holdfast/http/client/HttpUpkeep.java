package dev.holdfast.http.client;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.wire.DatabaseStatsJson;
import dev.holdfast.http.wire.OptimizedJson;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.Optimized;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Maintenance of the database behind a server. {@link #verify} finds nothing of its own: {@link
 * HttpMaintenance#examine} runs all checks of the server.
 */
final class HttpUpkeep implements Upkeep {
  private final Transport transport;

  HttpUpkeep(Transport transport) {
    this.transport = transport;
  }

  @Override
  public Checkpointed checkpoint(Checkpoint how) {
    Map<String, Object> mode = Map.of("mode", how.name().toLowerCase(Locale.ROOT));
    return transport
        .call(Request.post("/maintenance/checkpoint").json(mode).slow())
        .read(
            answer ->
                new Checkpointed(
                    answer.flag("whole"), answer.number("pages"), answer.number("moved")));
  }

  @Override
  public void analyze() {
    Reply unused = transport.call(Request.post("/maintenance/analyze").harmless().slow());
  }

  @Override
  public Vacuumed vacuum() {
    return transport
        .call(Request.post("/maintenance/vacuum").slow())
        .read(answer -> new Vacuumed(answer.number("bytes_before"), answer.number("bytes_after")));
  }

  @Override
  public Optimized optimize() {
    return optimize(false);
  }

  @Override
  public Optimized rebuild() {
    return optimize(true);
  }

  private Optimized optimize(boolean isFull) {
    return transport
        .call(Request.post("/maintenance/optimize").json(Map.of("full", isFull)).slow())
        .read(OptimizedJson.class, OptimizedJson::optimized);
  }

  @Override
  public long bytesToRebuild() {
    return stats().rebuildBytes();
  }

  @Override
  public DatabaseStats stats() {
    return transport
        .call(Request.get("/maintenance/stats"))
        .read(DatabaseStatsJson.class, DatabaseStatsJson::stats);
  }

  @Override
  public Backup backup(BackupRequest request) {
    throw backupsAreElsewhere();
  }

  @Override
  public List<StoredBackup> backups() {
    throw backupsAreElsewhere();
  }

  private static InvalidRequestException backupsAreElsewhere() {
    return new InvalidRequestException(
        "backups are made and listed where the database is: run the command there");
  }
}
