package dev.holdfast.torture;

import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.server.LoneServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A trial of a server that acknowledges commits before they are on disk: each of its crashes must
 * lose acknowledged jobs, or the blows to the server have no effect.
 */
final class UnsyncedCommits {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "synchronous_commit", "off",
          "wal_writer_delay", "10s",
          "wal_writer_flush_after", "64MB"); // else a busy second is on the disk before the crash
  private static final Plan PLAN =
      Plan.small().jobs(800).runMillis(5).blows(Blow.Kind.CRASH_SERVER, 2);

  private UnsyncedCommits() {}

  static Verdict run(Path folder, Ground ground) {
    Plan plan = PLAN.ground(ground);
    LoneServer server = LoneServer.start(ground.postgres(), ground.pooled(), SETTINGS);
    try (Stage stage = Stage.on(server, subfolder(folder), plan)) {
      return Run.on(stage, plan);
    }
  }

  private static Path subfolder(Path folder) {
    try {
      return Files.createDirectories(folder.resolve("unsynced-commits"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
