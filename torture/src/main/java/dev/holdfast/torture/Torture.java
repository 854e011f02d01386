package dev.holdfast.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command for one run, with figures for people and for machines. */
public final class Torture {
  private Torture() {}

  /**
   * Exits with 0 if all promises were kept and all blows were struck, else with 1; 2 for wrong
   * usage.
   */
  public static void main(String[] arguments) throws IOException {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println("torture: " + wrong.getMessage());
      System.err.print(Options.USAGE);
      System.exit(2);
      return;
    }
    Path folder = options.folder().isPresent() ? options.folder().get() : newFolder();
    System.err.println("folder " + folder);
    Plan plan = Abilities.allowed(options.plan(), System.err::println);
    Report report = new Report(plan, Run.in(folder, plan));
    System.out.print(report.table());
    System.out.println(report.json());
    System.exit(report.isGood() ? 0 : 1);
  }

  private static Path newFolder() throws IOException {
    return Files.createTempDirectory("holdfast-torture-");
  }
}
