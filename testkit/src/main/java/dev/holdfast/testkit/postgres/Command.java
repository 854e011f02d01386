package dev.holdfast.testkit.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs programs of the system, and picks the user that a server runs as. */
final class Command {
  /** The user to run PostgreSQL as when the tests run as root, which it refuses. */
  private static final String NOBODY = "65534";

  private Command() {}

  /** Runs a command to its end, which must be successful. */
  static void run(String... command) {
    run(List.of(command));
  }

  static void run(List<String> command) {
    Process process = start(new ProcessBuilder(command).redirectErrorStream(true));
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "'%s' ended with %d: %s"
                .formatted(String.join(" ", command), process.exitValue(), said.strip()));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException told) {
      process.destroyForcibly();
      throw interrupted(told);
    }
  }

  static Process start(ProcessBuilder command) {
    try {
      return command.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static IllegalStateException interrupted(InterruptedException told) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for PostgreSQL", told);
  }

  /** Returns the command as the user that may run a server. */
  static List<String> asServerUser(List<String> command) {
    List<String> whole = new ArrayList<>();
    if (isRoot()) {
      whole.addAll(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
    }
    whole.addAll(command);
    return whole;
  }

  /** Gives a folder and its contents to that user. */
  static void giveToServerUser(Path folder) {
    if (isRoot()) {
      run("chown", "-R", NOBODY + ":" + NOBODY, folder.toString());
    }
  }

  private static boolean isRoot() {
    return userId(Path.of("/proc/self")) == 0;
  }

  static boolean isMine(Path file) {
    return userId(file) == userId(Path.of("/proc/self"));
  }

  private static int userId(Path file) {
    try {
      return (int) Files.getAttribute(file, "unix:uid");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
