/**
 * Checks of what callers hand in, the limits that they check, and the texts of their messages: for
 * the modules of Holdfast and the authors of stores.
 */
@NullMarked
package dev.holdfast.check;

import org.jspecify.annotations.NullMarked;
