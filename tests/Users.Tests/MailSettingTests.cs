using Modular.Host;
using Modular.Kernel.Web;

namespace Modular.Users.Tests;

public sealed class MailSettingTests
{
    private const string Host = "--Mail:Smtp:Host=smtp.example.org";
    private const string From = "--Mail:From=a@example.org";
    private const string Url = "--Public:Url=https://ask.example.org";

    [Theory]
    [InlineData("Mail:From is missing", Host, Url)]
    [InlineData("Mail:From must be an address", Host, Url, "--Mail:From=nobody")]
    [InlineData("Public:Url is missing", Host, From)]
    [InlineData("Public:Url is missing", "--Mail:Folder=/tmp")]
    [InlineData("Mail:Smtp:Port must be", Host, From, Url, "--Mail:Smtp:Port=0")]
    [InlineData("Mail:Smtp:User and Mail:Smtp:Password go together", Host, From, Url, "--Mail:Smtp:User=me")]
    [InlineData("Mail:Smtp:User and Mail:Smtp:Password go together", Host, From, Url, "--Mail:Smtp:Password=hunter2")]
    [InlineData("Mail:Smtp:Security is none", Host, From, Url, "--Mail:Smtp:User=me", "--Mail:Smtp:Password=hunter2", "--Mail:Smtp:Security=none")]
    [InlineData("Mail:Smtp:Security", Host, From, Url, "--Mail:Smtp:Security=ssl")]
    public void A_setting_for_mail_that_is_missing_or_wrong_is_told_in_a_sentence(string begins, params string[] settings)
    {
        var problem = Should.Throw<RefusedToRunException>(() => Build(settings)).Problems.ShouldHaveSingleItem();
        problem.ShouldContain(begins);
        problem.ShouldEndWith(".");
        problem.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData]
    [InlineData("--Mail:Smtp:Host=", "--Mail:From=", "--Mail:Smtp:User=", "--Mail:Smtp:Password=", "--Mail:Folder=")]
    [InlineData(Host, From, Url, "--Mail:Smtp:User=me", "--Mail:Smtp:Password=hunter2")]
    [InlineData(Host, From, Url, "--Mail:Smtp:Security=none")]
    [InlineData(Host, From, Url, "--Mail:Smtp:Security=starttls", "--Mail:Folder=/tmp")]
    public async Task Mail_may_be_off_or_fully_set_up(params string[] settings) => await Build(settings).DisposeAsync();

    private static Microsoft.AspNetCore.Builder.WebApplication Build(string[] settings) => ModularHost.Build(
        ["--environment=Production", "--Database:ConnectionString=Host=unused", $"--Modules:Users:Secret={new string('s', 32)}", .. settings]);
}
