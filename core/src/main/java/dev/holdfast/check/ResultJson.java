package dev.holdfast.check;

import dev.holdfast.error.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Decodes the results of jobs. */
public final class ResultJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ResultJson() {}

  /**
   * Decodes a result.
   *
   * @throws InvalidRequestException if it does not fit the type
   */
  public static <R> R decode(String json, Class<R> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JacksonException misfit) {
      throw new InvalidRequestException(
          "the result does not fit %s: %s".formatted(type.getName(), misfit.getOriginalMessage()),
          misfit);
    }
  }
}
