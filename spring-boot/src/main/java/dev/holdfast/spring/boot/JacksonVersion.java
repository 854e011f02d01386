package dev.holdfast.spring.boot;

import dev.holdfast.error.InvalidRequestException;
import tools.jackson.databind.json.JsonMapper;

/** Explains what would otherwise be a class loading error at the first job. */
final class JacksonVersion {
  private JacksonVersion() {}

  /** Something to write. */
  private record Probe(String text) {}

  /**
   * Tries Jackson 3 with the annotations that this application has: Spring Boot 3.5 manages a
   * version of them that is too old.
   *
   * @throws InvalidRequestException if it does not work with them
   */
  static void check() {
    try {
      String unused = new JsonMapper().writeValueAsString(new Probe("x"));
    } catch (NoClassDefFoundError missing) {
      throw new InvalidRequestException(
          "the configuration of Holdfast is not right:\n- it reads JSON with Jackson 3, which needs"
              + " a newer com.fasterxml.jackson.core:jackson-annotations than this application"
              + " has (2.22 for Jackson 3.2): with Spring Boot 3.5 set the property"
              + " jackson-bom.version to 2.22.3 in the build",
          missing);
    }
  }
}
