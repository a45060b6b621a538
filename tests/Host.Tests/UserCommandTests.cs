using System.Net.Http.Json;
using Modular.Testing;

namespace Modular.Host.Tests;

public sealed class UserCommandTests : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task An_admin_made_on_the_command_line_signs_in_with_the_password_that_was_shown()
    {
        var (code, output, _) = await RunAsync("user create --email ada@example.org --name Ada --admin");
        Assert.Equal(0, code);
        Assert.Contains("ada@example.org can sign in and is an admin.", output, StringComparison.Ordinal);
        var password = output.Split("The password, shown only now: ")[1].Split('\n')[0].Trim();

        await using var host = new HostProcess("serve", [.. Settings, ("ASPNETCORE_URLS", "http://127.0.0.1:0")]);
        using var http = new HttpClient { BaseAddress = await host.ListensAsync() };
        using var answer = await http.PostAsJsonAsync("/api/users/login", new { email = "ada@example.org", password });
        Assert.Contains("\"roles\":[\"admin\"]", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("/setup#token=", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_there_is_becomes_an_admins_and_without_being_asked_for_it_stays_as_it_is()
    {
        Assert.Equal(0, (await RunAsync("user create --email kim@example.org")).Code);

        var (refused, _, errors) = await RunAsync("user create --email KIM@example.org");
        Assert.Equal(2, refused);
        Assert.Contains("There is an account with the e-mail KIM@example.org already.", errors, StringComparison.Ordinal);

        var (code, output, _) = await RunAsync("user create --email KIM@example.org --admin");
        Assert.Equal((0, "KIM@example.org is an admin now."), (code, output.Trim()));
        Assert.Equal(1, await database.ScalarAsync<long>("""select count(*) from users.user where data -> 'roles' @> '["admin"]'"""));
    }

    [Theory]
    [InlineData("user create --email nobody", "E-mail is not an address such as kim@example.org.")]
    [InlineData("user create --email kim@example.org --password-stdin", "Password is required.")]
    [InlineData("user create", "--email")]
    public async Task What_is_wrong_is_said_in_a_sentence_and_makes_nobody(string command, string sentence)
    {
        var (code, _, errors) = await RunAsync(command);
        Assert.NotEqual(0, code);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_without_an_admin_says_how_to_become_one()
    {
        await using var host = new HostProcess("serve", [.. Settings, ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("Public__Url", "https://live.example.org")]);
        await host.ListensAsync();
        await Eventually.Is(() => host.Output.Contains("Become the first one at https://live.example.org/setup#token=", StringComparison.Ordinal));
    }

    private (string, string)[] Settings => [("ASPNETCORE_ENVIRONMENT", "Development"), ("Database__ConnectionString", database.ConnectionString)];

    private async Task<(int Code, string Output, string Errors)> RunAsync(string command)
    {
        await using var host = new HostProcess(command, Settings);
        var code = await host.ExitCodeAsync();
        return (code, host.Output, host.Errors);
    }
}
