package dev.holdfast.handlers.exec;

import dev.holdfast.JobId;
import dev.holdfast.error.InvalidRequestException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The processes of this machine, as listed in {@code /proc}. A process is found by its environment,
 * which its descendants inherit even if they have left its session; a zombie has no environment and
 * counts as gone.
 */
final class Processes {
  /** Carries the job's id to everything that a command starts. */
  static final String JOB = "HOLDFAST_JOB";

  /** Carries the attempt's fencing token. */
  static final String TOKEN = "HOLDFAST_TOKEN";

  private static final Path PROC = Path.of("/proc");

  /** The fields of {@code stat} after the name: state, parent, group, session. */
  private static final int GROUP = 2;

  private static final int SESSION = 3;

  private Processes() {}

  /** The living processes of a session, and any others that carry {@code job}. */
  static List<ProcessHandle> of(long session, JobId job) {
    String id = Long.toString(session);
    return find(
        process -> field(process, SESSION).equals(id) || carries(process, job, Long.MAX_VALUE));
  }

  /** Returns true if the process is in the group {@code group}. */
  static boolean isInGroup(ProcessHandle process, long group) {
    return field(PROC.resolve(Long.toString(process.pid())), GROUP).equals(Long.toString(group));
  }

  /** The living processes that carry {@code job} and a token smaller than {@code token}. */
  static List<ProcessHandle> before(JobId job, long token) {
    return find(pid -> carries(pid, job, token));
  }

  /** The jobs that living processes carry, each with the smallest of their tokens. */
  static Map<JobId, Long> carried() {
    Map<JobId, Long> carried = new HashMap<>();
    find(
        process -> {
          String environment = "\0" + read(process.resolve("environ")) + "\0";
          Optional<JobId> job = value(environment, JOB).flatMap(Processes::jobId);
          OptionalLong token = token(environment);
          if (job.isPresent() && token.isPresent()) {
            carried.merge(job.get(), token.getAsLong(), Math::min);
          }
          return false;
        });
    return carried;
  }

  private static Optional<JobId> jobId(String text) {
    try {
      return Optional.of(JobId.parse(text));
    } catch (InvalidRequestException changed) {
      return Optional.empty();
    }
  }

  /** A handle knows its process's start time: what it signals later is no other of the same id. */
  private static List<ProcessHandle> find(Predicate<Path> wanted) {
    List<ProcessHandle> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        long pid = Long.parseLong(process.getFileName().toString());
        ProcessHandle.of(pid)
            .filter(handle -> pid != ProcessHandle.current().pid() && wanted.test(process))
            .ifPresent(found::add);
      }
    } catch (IOException noProc) {
      return List.of();
    }
    return found;
  }

  /** A field of a living process; empty for one that is gone or a zombie. */
  private static String field(Path process, int field) {
    String stat = read(process.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    boolean isGone = fields.length <= field || fields[0].equals("Z") || fields[0].equals("X");
    return isGone ? "" : fields[field];
  }

  private static boolean carries(Path process, JobId job, long belowToken) {
    String environment = "\0" + read(process.resolve("environ")) + "\0";
    if (!environment.contains("\0" + JOB + "=" + job + "\0")) {
      return false;
    }
    return belowToken == Long.MAX_VALUE || token(environment).orElse(0) < belowToken;
  }

  private static OptionalLong token(String environment) {
    try {
      return value(environment, TOKEN)
          .map(text -> OptionalLong.of(Long.parseLong(text)))
          .orElse(OptionalLong.empty());
    } catch (NumberFormatException changed) {
      return OptionalLong.empty();
    }
  }

  private static Optional<String> value(String environment, String variable) {
    String mark = "\0" + variable + "=";
    int start = environment.indexOf(mark);
    if (start < 0) {
      return Optional.empty();
    }
    start += mark.length();
    return Optional.of(environment.substring(start, environment.indexOf('\0', start)));
  }

  /**
   * Empty when the process is gone, or another user's. Not by a channel: an interrupt would close
   * it, and a living process would look gone.
   */
  private static String read(Path file) {
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException goneOrForeign) {
      return "";
    }
  }
}
