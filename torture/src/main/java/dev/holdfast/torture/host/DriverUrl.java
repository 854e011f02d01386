package dev.holdfast.torture.host;

/** Converts addresses of stores to JDBC URLs. */
public final class DriverUrl {
  private static final String MUTANT = "mutant:";

  private DriverUrl() {}

  /** Returns the URL for this address, without the name of a mutant. */
  public static String of(String address) {
    if (address.startsWith(MUTANT)) {
      return of(address.substring(address.indexOf(':', MUTANT.length()) + 1));
    }
    if (address.startsWith("jdbc:")) {
      return address;
    }
    int options = address.indexOf('?');
    return "jdbc:sqlite:" + (options < 0 ? address : address.substring(0, options));
  }
}
