package dev.holdfast.handlers.exec;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a job of type {@code exec} runs. As it comes from JSON, every part may be missing.
 *
 * @param argv the program and its arguments; no shell looks at them
 * @param cwd the folder to run in; without it, the worker's own
 * @param env variables to set beside those of the worker's own environment
 * @param stdin what the program reads; without it, nothing
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
