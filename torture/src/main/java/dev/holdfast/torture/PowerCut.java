package dev.holdfast.torture;

import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Moment;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Shuts the file system of the store down at once, as in a power cut; it comes back with what had
 * reached the disk. Journals and effects logs are elsewhere and lose nothing. With FULL no promise
 * may be broken. With NORMAL some are, as that mode does not survive power cuts; a checker that saw
 * nothing then would be useless.
 */
public final class PowerCut implements Scenario {
  private static final Plan PLAN = Plan.small().jobs(6_000).runMillis(5);
  private static final int CUTS = 3;
  private static final long COMPLETIONS = 1_500;
  private static final long IMAGE_BYTES = 512L << 20;

  /** Runs the command. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Scenario.main(new PowerCut());
  }

  @Override
  public boolean run(Path folder) throws IOException, InterruptedException {
    boolean isFullGood = true;
    long normalBreaches = 0;
    for (int cut = 1; cut <= CUTS; cut++) {
      Verdict full = cutOnce(Files.createDirectory(folder.resolve("full-" + cut)), "");
      isFullGood &= Scenario.tell("synchronous=FULL, cut " + cut, new Report(PLAN, full));
      Verdict normal =
          cutOnce(Files.createDirectory(folder.resolve("normal-" + cut)), "?synchronous=NORMAL");
      Scenario.tell("synchronous=NORMAL, cut " + cut, new Report(PLAN, normal));
      normalBreaches += normal.breaches();
    }
    System.out.printf(
        "FULL: %s; NORMAL: %d breaches, which is %s%n",
        isFullGood ? "nothing lost" : "PROMISE BROKEN",
        normalBreaches,
        normalBreaches > 0 ? "what the checker must see" : "TOO FEW: the checker sees nothing");
    return isFullGood && normalBreaches > 0;
  }

  private static Verdict cutOnce(Path folder, String mode)
      throws IOException, InterruptedException {
    Path mount = Files.createDirectory(folder.resolve("disk"));
    Path image = folder.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(IMAGE_BYTES);
    }
    if (!Shell.works(List.of(), "mkfs.ext4", "-q", image.toString())
        || !Shell.works(List.of(), "xfs_io", "-V")
        || !Shell.works(List.of(), "mount", "-o", "loop", image.toString(), mount.toString())) {
      throw new Skipped("this needs root, loop devices, mkfs.ext4 and xfs_io (Debian: xfsprogs)");
    }
    Path database = mount.resolve("jobs.db");
    Stage stage = Stage.at(folder, database, PLAN).address(database + mode);
    new Run(stage, PLAN).until(COMPLETIONS, () -> cut(mount));
    note(folder);
    Shell.run("umount", mount.toString());
    Shell.run("mount", "-o", "loop", image.toString(), mount.toString());
    try {
      return Run.on(stage, PLAN);
    } finally {
      Shell.run("umount", mount.toString());
    }
  }

  private static void cut(Path mount) {
    try {
      Shell.run("xfs_io", "-x", "-c", "shutdown", mount.toString());
    } catch (InterruptedException told) {
      throw new IllegalStateException("the run was interrupted", told);
    }
  }

  /**
   * Logs the blow after all processes have ended; some may have run for a moment without their
   * disk.
   */
  private static void note(Path folder) {
    try (LineFile nemesis = new LineFile(folder.resolve(Blow.FILE), Durability.KILL)) {
      nemesis.append(new Blow(Blow.Kind.POWER_CUT, Moment.now(), Blow.ALL).line());
    }
  }
}
