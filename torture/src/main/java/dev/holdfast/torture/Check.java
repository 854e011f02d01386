package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.torture.checker.Verdict;
import java.nio.file.Path;

/** The command that checks the folder of an earlier run again. */
public final class Check {
  private Check() {}

  /** Exits with 0 if all promises were kept. */
  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: torture/torture check FOLDER");
      System.exit(2);
    }
    Path folder = Path.of(arguments[0]);
    try (Holdfast holdfast = Holdfast.openExisting(folder.resolve("jobs.db").toString())) {
      Report report = new Report(Verdict.of(folder, holdfast));
      System.out.print(report.table());
      System.out.println(report.json());
      System.exit(report.isGood() ? 0 : 1);
    }
  }
}
