package dev.holdfast.torture;

/**
 * What the store of a run stands on.
 *
 * @param postgres the major version of the PostgreSQL that the run starts for itself; 0 for a file
 *     of SQLite
 * @param pooled whether PgBouncer is in between
 * @param apart whether the workers are as on machines of their own: nothing but the database tells
 *     one that another has died
 */
public record Ground(int postgres, boolean pooled, boolean apart) {
  private static final int OLDEST = 15;

  /** A file of SQLite. */
  public static final Ground SQLITE = new Ground(0, false, false);

  /** Checks the values. */
  public Ground {
    if (postgres != 0 && postgres < OLDEST) {
      throw new IllegalArgumentException(
          "PostgreSQL must be %d or newer, was %d".formatted(OLDEST, postgres));
    }
    if (postgres == 0 && (pooled || apart)) {
      throw new IllegalArgumentException(
          "a file of SQLite has no PgBouncer and is on one machine: take PostgreSQL for that");
    }
  }

  /** A PostgreSQL of this major version, with workers as on machines of their own. */
  public static Ground postgres(int major) {
    return new Ground(major, false, true);
  }

  /** The same with PgBouncer in between. */
  public Ground behindPgBouncer() {
    return new Ground(postgres, true, apart);
  }

  boolean isSqlite() {
    return postgres == 0;
  }
}
