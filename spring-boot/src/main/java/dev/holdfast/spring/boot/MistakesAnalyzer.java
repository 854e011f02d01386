package dev.holdfast.spring.boot;

import dev.holdfast.error.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows mistakes in the configuration as a list, without a stack trace. */
final class MistakesAnalyzer extends AbstractFailureAnalyzer<InvalidRequestException> {
  MistakesAnalyzer() {}

  @Override
  protected @Nullable FailureAnalysis analyze(
      Throwable rootFailure, InvalidRequestException cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("not right:\n- ")
        ? new FailureAnalysis(
            "Holdfast cannot start: " + message,
            "Correct what is listed; docs/guide/16-spring-boot.md has all properties.",
            cause)
        : null;
  }
}
