package dev.holdfast.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The OpenAPI 3.1 description of the API. Tests validate the server against it. */
public final class OpenApi {
  private OpenApi() {}

  /** Returns the document as YAML. */
  public static String yaml() {
    try (InputStream document = OpenApi.class.getResourceAsStream("openapi.yaml")) {
      if (document == null) {
        throw new IllegalStateException("the description of the API is not packaged: a bug");
      }
      return new String(document.readAllBytes(), UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
