/** What the driver makes by its name. */
@NullMarked
package dev.holdfast.postgres.driver;

import org.jspecify.annotations.NullMarked;
