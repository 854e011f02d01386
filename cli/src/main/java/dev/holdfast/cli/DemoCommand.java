package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.demo.DemoFailedException;
import dev.holdfast.cli.demo.RecoveryDemo;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast demo}. */
@Command(
    name = "demo",
    header = "Demonstrates the guarantee with real processes.",
    description = {
      "%nCreates a queue in a new folder, starts worker processes, stops, kills and suspends"
          + " them, and shows what the queue did. Takes about half a minute."
    })
final class DemoCommand implements Callable<Integer> {
  private enum Topic {
    recovery
  }

  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "TOPIC",
      description = "The demo: $${COMPLETION-CANDIDATES}. Default: recovery.")
  @SuppressWarnings("UnusedVariable") // there is one topic so far
  private Topic topic = Topic.recovery;

  @Option(names = "--keep", description = "Keeps the folder, and prints its path.")
  private boolean isKept;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("holdfast-demo");
    try {
      return show(folder);
    } finally {
      if (isKept) {
        console.say(
            "kept: the queue is %s, the workers' log %s".formatted(database(folder), log(folder)));
      } else {
        delete(folder);
      }
    }
  }

  private int show(Path folder) throws IOException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(database(folder).toString())) {
      new RecoveryDemo(console, holdfast, program(), database(folder), log(folder)).run();
      return ExitCodes.OK;
    } catch (DemoFailedException failed) {
      isKept = true;
      console.say(String.valueOf(failed.getMessage()));
      return ExitCodes.FAILED;
    }
  }

  private static Path database(Path folder) {
    return folder.resolve("demo.db");
  }

  private static Path log(Path folder) {
    return folder.resolve("workers.log");
  }

  /** Returns the command line of this program. */
  private static List<String> program() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        classPath,
        Main.class.getName());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
