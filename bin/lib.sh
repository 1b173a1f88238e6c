# What bin/kvd, bin/kvctl and bin/kvbench have in common; read by them, never run.
# The same files serve a source tree, where the jars are in <module>/target, and a release, where they are in java/.
# A short command runs through here each time: before java, a process is started only where the shell can't do the work.
# shellcheck shell=sh disable=SC2034,SC2154

home=$(cd "${self%/*}/.." && pwd -P) || exit 1

kvd_say() {
    printf '%s: %s\n' "$program" "$*" >&2
}

kvd_fail() {
    kvd_say "$@"
    exit 1
}

# Sets program, version and jar, the path of the runnable jar. Arguments: program, artifact, module.
kvd_program() {
    program=$1
    module=$3
    if [ -f "$home/pom.xml" ]; then
        kvd_read_version
        jar=$home/$module/target/$2-$version.jar
    else
        for jar in "$home/java/$2"-*.jar; do :; done
        version=${jar##*/"$2"-}
        version=${version%.jar}
        [ -f "$jar" ] || kvd_fail "incomplete installation: there is no $2 in $home/java"
    fi
}

# The root pom names its own version first.
kvd_read_version() {
    while IFS= read -r version; do
        case $version in
            *"<version>"*)
                version=${version#*"<version>"}
                version=${version%"</version>"*}
                return
                ;;
        esac
    done <"$home/pom.xml"
}

# In a source tree, builds the modules if their jars are missing or older than the sources, without tests.
kvd_build() {
    [ -f "$home/pom.xml" ] || return 0
    stamp=$home/$module/target/$program.built
    kvd_is_built "$@" && return 0
    command -v mvn >/dev/null || kvd_fail "must be built first, and mvn is not on the PATH; it takes Maven 3.8.7 or later"
    mkdir -p "$home/target"
    kvd_lock
    if ! kvd_is_built "$@"; then
        kvd_run_maven "$@"
    fi
    kvd_unlock
}

# The stamp is as old as the start of the last build from here, so that a source that changed meanwhile is newer. Who
# builds with Maven leaves the stamp behind; then each module is compared with the jar that this program would load.
kvd_is_built() {
    [ -f "$jar" ] || return 1
    if [ -f "$stamp" ] && ! kvd_is_newer "$stamp" "$@"; then
        return 0
    fi
    : >"$stamp.new"
    for m in "$@"; do
        if [ "$m" = "$module" ]; then
            copy=$jar
        else
            copy=$home/$module/target/lib/kvd-${m##*/}-$version.jar
        fi
        [ -f "$copy" ] || return 1
        if kvd_is_newer "$copy" "$m"; then
            return 1
        fi
    done
    mv "$stamp.new" "$stamp"
}

# Whether any source of the modules is newer than the file. Directories count: that is how a deletion shows.
kvd_is_newer() {
    than=$1
    shift
    found=$(
        for m in "$@"; do
            set -- "$@" "$home/$m/pom.xml"
            [ -d "$home/$m/src/main" ] && set -- "$@" "$home/$m/src/main"
            shift
        done
        find "$home/pom.xml" "$@" -newer "$than" -print
    )
    [ -n "$found" ]
}

kvd_run_maven() {
    if [ -f "$jar" ]; then
        kvd_say "building, since the sources are newer than the jars"
    else
        kvd_say "building from source; the first time takes a minute and downloads the libraries"
    fi
    list=
    tests=-Dmaven.test.skip
    for m in "$@"; do
        list=$list,$m
        # The server's tests use those of the core and the simulator, so Maven wants them compiled.
        [ "$m" != simulator ] || tests=-DskipTests
    done
    mkdir -p "${stamp%/*}"
    log=$home/target/$program.log
    : >"$home/target/$program.started"
    # Not -q: that hides the warnings for which a compilation failed.
    set -- -B -Dstyle.color=never -Dorg.slf4j.simpleLogger.defaultLogLevel=warn "$tests" -Dspotless.check.skip
    if ! (cd "$home" && mvn "$@" -pl "${list#,}" package) >"$log" 2>&1 </dev/null 9>&-; then
        cat "$log" >&2
        kvd_unlock
        kvd_fail "the build failed"
    fi
    mv "$home/target/$program.started" "$stamp"
    rm -f "$log"
}

# One build at a time. The kernel frees flock's lock however its holder ends; the directory is for systems without it.
kvd_lock() {
    lock=$home/target/build.lock
    if command -v flock >/dev/null; then
        exec 9>"$lock"
        flock -n 9 || {
            kvd_say "waiting for a build that is under way"
            flock 9
        }
        return
    fi
    # The link's target is the holder's process id: made and filled in one step.
    told=
    until ln -s $$ "$lock.of" 2>/dev/null; do
        holder=$(readlink "$lock.of") || continue
        if ! kill -0 "$holder" 2>/dev/null; then
            kvd_break_lock "$holder"
            continue
        fi
        [ -n "$told" ] || kvd_say "waiting for a build that is under way"
        told=yes
        sleep 1
    done
    trap 'rm -f "$lock.of"; exit 130' HUP INT TERM
}

# Its holder is gone. Of several who see that only one may take the link away, and nobody a new holder's.
kvd_break_lock() {
    mv "$lock.of" "$lock.$$" 2>/dev/null || return 0
    if [ "$(readlink "$lock.$$")" = "$1" ]; then
        rm -f "$lock.$$"
    else
        mv "$lock.$$" "$lock.of"
    fi
}

kvd_unlock() {
    if [ -h "$lock.of" ]; then
        rm -f "$lock.of"
        trap - HUP INT TERM
    else
        exec 9>&-
    fi
}

# Sets java, java_major, java_id (names one JVM build), java_release (a file) and quiet (flags against warnings about
# libraries that nobody who starts this program can act on): JAVA_HOME, else the PATH, else the runtime of a release.
kvd_find_java() {
    if [ -n "${JAVA_HOME-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || kvd_fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it"
        kvd_read_java_version
        [ "$java_major" -ge 17 ] || kvd_fail "needs Java 17 or later; JAVA_HOME is $JAVA_HOME, which is $java_id"
    else
        java=$(command -v java)
        if [ -n "$java" ]; then
            kvd_read_java_version
        else
            java_major=0
            java_id="not there"
        fi
        if [ "$java_major" -lt 17 ] && [ -x "$home/runtime/bin/java" ]; then
            java=$home/runtime/bin/java
            kvd_read_java_version
        fi
        [ "$java_major" -ge 17 ] || kvd_fail "needs Java 17 or later; java on the PATH is $java_id; install one or set JAVA_HOME"
    fi
    quiet=
    if [ "$java_major" -ge 24 ]; then
        quiet="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
    fi
}

# From the file "release" of the JDK; a JVM is started only where there is none.
kvd_read_java_version() {
    if [ -h "$java" ]; then
        java=$(readlink -f "$java")
    fi
    java_id=
    java_release=${java%/bin/java}/release
    if [ -r "$java_release" ]; then
        while IFS= read -r line; do
            case $line in
                JAVA_RUNTIME_VERSION=*) java_id=${line#*=} ;;
                JAVA_VERSION=*) [ -n "$java_id" ] || java_id=${line#*=} ;;
            esac
        done <"$java_release"
    else
        java_release=none
        java_id=$("$java" -version 2>&1) || kvd_fail "$java does not run: $java_id"
        java_id=${java_id#*\"}
    fi
    java_id=${java_id#\"}
    java_id=${java_id%%\"*}
    java_major=${java_id%%[!0-9]*}
    [ -n "$java_major" ] || kvd_fail "can't tell the version of $java"
}
