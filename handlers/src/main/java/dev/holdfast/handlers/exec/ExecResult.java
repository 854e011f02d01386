package dev.holdfast.handlers.exec;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The stored result of a successful command.
 *
 * @param exitCode always 0; others fail the attempt
 * @param stdout the last 64 KiB of its standard output
 * @param stderr the last 64 KiB of its standard error
 * @param truncated whether there was more of either
 */
public record ExecResult(
    @JsonProperty("exit_code") int exitCode,
    @JsonProperty("stdout") String stdout,
    @JsonProperty("stderr") String stderr,
    @JsonProperty("truncated") boolean truncated) {}
