@NullMarked
package dev.holdfast.cli.maintenance;

import org.jspecify.annotations.NullMarked;
