using System.Reflection;
using Modular.Host;
using Modular.Kernel.Modules;

namespace Modular.Architecture.Tests;

public sealed class ModuleBoundaryTests
{
    [Fact]
    public void Every_module_on_disk_is_in_the_hosts_list_and_every_name_is_its_folder() =>
        Assert.Equal(
            Solution.ModuleFolders.Select(f => Path.GetFileName(f)!.ToLowerInvariant()),
            ModularHost.Modules().Select(m => m.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void A_module_uses_other_modules_through_their_contracts_only() => Assert.Empty(Reaches(Solution.Modules));

    [Fact]
    public void A_module_that_reaches_into_another_is_found() =>
        Assert.Equal(["Modular.Canary -> Modular.Questions"], Reaches([.. Solution.Modules, Solution.Canary]));

    [Fact]
    public void No_project_file_names_another_modules_inside() => Assert.Empty(ReachesOnPaper("src/Modules"));

    [Fact]
    public void A_project_file_that_names_another_modules_inside_is_found() =>
        Assert.Contains("Modular.Canary -> Modular.Questions", ReachesOnPaper("tests/Architecture.Canary"));

    [Fact]
    public void Contracts_and_Kernel_name_no_module() =>
        Assert.Empty(
            from reference in Solution.References("src/Modules").Concat(Solution.References("src/Kernel"))
            where reference.Project.EndsWith(".Contracts", StringComparison.Ordinal) || reference.Project == "Modular.Kernel"
            where reference.Reference != "Modular.Kernel" && !reference.Reference.EndsWith(".Contracts", StringComparison.Ordinal)
            select $"{reference.Project} -> {reference.Reference}");

    [Fact]
    public void A_module_shows_nothing_but_its_module_class() => Assert.Empty(Solution.Modules.SelectMany(ShownBesidesTheModule));

    [Fact]
    public void A_module_that_shows_more_is_found() =>
        Assert.Equal(["Modular.Canary.CanaryEvent"], ShownBesidesTheModule(Solution.Canary));

    private static IEnumerable<string> Reaches(IReadOnlyCollection<Assembly> modules) =>
        from module in modules
        from reference in module.GetReferencedAssemblies()
        where modules.Any(other => other != module && other.GetName().Name == reference.Name)
        select $"{module.GetName().Name} -> {reference.Name}";

    private static IEnumerable<string> ReachesOnPaper(string folder) =>
        from reference in Solution.References(folder)
        where Solution.Modules.Any(m => m.GetName().Name == reference.Reference)
        select $"{reference.Project} -> {reference.Reference}";

    private static IEnumerable<string> ShownBesidesTheModule(Assembly module) =>
        from type in module.GetExportedTypes()
        where !typeof(IModule).IsAssignableFrom(type)
        select type.FullName!;
}
