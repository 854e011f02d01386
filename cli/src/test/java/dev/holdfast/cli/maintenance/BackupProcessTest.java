package dev.holdfast.cli.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Enqueued;
import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.cli.ChildJvm;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.spi.Backups;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups and restores whose process is killed, by {@code kill -9}, as their file grows. */
@Tag("R-51")
class BackupProcessTest {
  /** 20 in the long form: {@code -Dholdfast.kills=20}. */
  private static final int KILLS = Integer.getInteger("holdfast.kills", 4);

  private static final int JOBS = 2_000;
  private static final String PAYLOAD = "x".repeat(10_000);

  @TempDir Path folder;
  private Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void fill() {
    cli = new Cli(folder);
    try (Holdfast holdfast = cli.open()) {
      for (int batch = 0; batch < 2; batch++) {
        List<Enqueued> unused =
            holdfast
                .queue()
                .enqueue(
                    IntStream.range(0, JOBS / 2).mapToObj(n -> NewJob.of("t", PAYLOAD)).toList());
      }
    }
  }

  /** Kills it once a file of this kind in this folder has the n-th part of the database's size. */
  private void killAt(ChildJvm child, Path place, String prefix, int n) {
    long least = cli.db().toFile().length() * n / KILLS;
    Eventually.is(
        "it has written a part, or has ended",
        () ->
            parts(place, prefix).anyMatch(part -> part.toFile().length() >= least)
                || child.hasEnded());
    child.killIfAlive();
  }

  private static Stream<Path> parts(Path place, String prefix) {
    String[] names = Objects.requireNonNullElse(place.toFile().list(), new String[0]);
    return Arrays.stream(names)
        .filter(name -> name.startsWith(prefix) && name.endsWith(".part"))
        .map(place::resolve);
  }

  private static void assertIsWell(Holdfast queue) {
    assertThat(queue.queue().maintenance().examine())
        .filteredOn(finding -> finding.gravity() == Gravity.ERROR)
        .extracting(Finding::text)
        .isEmpty();
    assertThat(queue.queue().status().counts().values().stream().mapToLong(n -> n).sum())
        .isEqualTo(JOBS);
  }

  @Test
  void a_killed_backup_harms_nothing_and_leaves_nothing_that_looks_like_one()
      throws IOException, InterruptedException {
    Path place = folder.resolve("jobs.db-holdfast/backups");
    for (int n = 0; n < KILLS; n++) {
      String name = "killed-" + n;
      ChildJvm child = ChildJvm.holdfast(folder, Path.of("/dev/null"), "backup", name);
      killAt(child, place, name, n);
      child.end();
      Path backup = place.resolve(name + ".db");
      if (Files.exists(backup)) {
        assertThat(Backups.find().verify(backup, true).jobs()).isEqualTo(JOBS);
      }
    }
    assertThat(cli.run("backup", "last").code()).isZero();
    assertThat(parts(place, "")).isEmpty();
    try (Holdfast queue = cli.open()) {
      assertIsWell(queue);
    }
  }

  @Test
  void a_killed_restore_leaves_the_old_queue_or_the_whole_new_one()
      throws IOException, InterruptedException {
    Path backup = folder.resolve("b.db");
    assertThat(cli.run("backup", "--to", backup.toString()).code()).isZero();
    Path target = folder.resolve("target.db");
    for (int n = 0; n < KILLS; n++) {
      Files.deleteIfExists(target);
      boolean isReplacing = n % 2 == 1;
      if (isReplacing) {
        try (Holdfast old = Holdfast.open(target.toString())) {
          old.enqueue(NewJob.of("old", 1));
        }
      }
      ChildJvm child =
          ChildJvm.holdfast(
              folder, Path.of("/dev/null"), "restore", backup.toString(), "-d", target.toString());
      killAt(child, folder, "target.db.restore-", n);
      child.end();

      if (Files.exists(target)) {
        try (Holdfast queue = Holdfast.open(target.toString())) {
          long jobs = queue.queue().status().counts().values().stream().mapToLong(c -> c).sum();
          assertThat(jobs).isIn(isReplacing ? 1L : JOBS, (long) JOBS);
        }
      } else {
        assertThat(isReplacing).as("an old queue is there").isFalse();
      }
      assertThat(Backups.find().verify(backup, true).jobs()).isEqualTo(JOBS);
    }
    assertThat(cli.run("restore", backup.toString(), "-d", target.toString()).code())
        .isEqualTo(ExitCodes.OK);
    assertThat(parts(folder, "target.db")).isEmpty();
    try (Holdfast queue = Holdfast.open(target.toString())) {
      assertIsWell(queue);
    }
  }
}
