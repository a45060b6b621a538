using System.CommandLine;
using Modular.Bench;
using Modular.Bench.EventPath;
using Modular.Bench.Generating;
using Modular.Bench.Http;
using Modular.Bench.Idle;
using Modular.Bench.Push;
using Modular.Bench.SignIns;
using Modular.Bench.Storms;

// The two hidden commands are the other operating-system processes of a measurement: a host, and who asks it.
var root = new RootCommand("Measures Modular beside the plain way of doing the same. Run it as ./dev bench, which brings private servers.")
{
    CommitBench.Command(),
    PostBench.Command(),
    PathBench.Command(),
    PushBench.Command(),
    IdleBench.Command(),
    StormBench.Command(),
    SignInBench.Command(),
    BenchHost.Command(),
    LoadGenerator.Command(),
};
return await root.Parse(args.Length == 0 ? ["--help"] : args).InvokeAsync();
