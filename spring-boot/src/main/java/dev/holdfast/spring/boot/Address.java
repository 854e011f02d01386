package dev.holdfast.spring.boot;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The address of the queue.
 *
 * @param url a JDBC URL or the path of a file
 * @param username unless the URL has it
 * @param password unless the URL has it
 */
record Address(String url, Optional<String> username, Optional<String> password) {

  /** Returns the URL with user and password, as Holdfast expects it. */
  String text() {
    if (!url.startsWith("jdbc:postgresql:")) {
      return url;
    }
    StringBuilder text = new StringBuilder(url);
    username.ifPresent(value -> append(text, "user", value));
    password.ifPresent(value -> append(text, "password", value));
    return text.toString();
  }

  private static void append(StringBuilder text, String name, String value) {
    if (!text.toString().matches(".*[?&]" + name + "=.*")) {
      text.append(text.indexOf("?") < 0 ? '?' : '&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  /** Returns the address without the password. */
  @Override
  public String toString() {
    return url.replaceAll("[?].*", "");
  }
}
