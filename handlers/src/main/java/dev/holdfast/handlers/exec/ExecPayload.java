package dev.holdfast.handlers.exec;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a job of type {@code exec}. It comes from JSON, so any part may be missing.
 *
 * @param argv the program and its arguments; not interpreted by a shell
 * @param cwd the working directory; default the worker's own
 * @param env variables to set in addition to the worker's own environment
 * @param stdin standard input of the program; default empty
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExecPayload(
    @Nullable List<@Nullable String> argv,
    @Nullable String cwd,
    @Nullable Map<String, @Nullable String> env,
    @Nullable String stdin) {

  /** Runs {@code argv} in the folder {@code cwd}. */
  public static ExecPayload of(List<String> argv, String cwd) {
    return new ExecPayload(List.copyOf(argv), cwd, null, null);
  }
}
